import type { TunedArm } from "../arms/index.ts";
import type { TrainingPlan } from "../training/index.ts";
import type { Warning } from "./context.ts";
import { nameSome } from "./steps/name-some.ts";

/** What the reader should know of a training run before it begins. */
export function planWarnings(plan: TrainingPlan, arm: TunedArm, sequenceLength: number): Warning[] {
  const { tooLong, longest, ignored, done } = plan;
  const warnings: Warning[] = [];
  if (tooLong.length > 0) {
    warnings.push({
      code: "LORAG_TOO_LONG",
      message:
        `${tooLong.length} examples are longer than sequence_len ${sequenceLength} and were ` +
        `left out of training ${arm}: ${nameSome(tooLong)}. Set sequence_len to ${longest} to keep them all.`,
    });
  }
  if (ignored.length > 0) {
    warnings.push({
      code: "LORAG_CHECKPOINTS_IGNORED",
      message:
        `Training ${arm} ${done > 0 ? `went on from step ${done}` : "began anew"}, without these checkpoints: ` +
        `${ignored.join("; ")}.`,
    });
  }
  return warnings;
}
