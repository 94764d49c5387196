import { counted } from "../text/index.ts";
import type { TrainingPlan, TrainingSettings } from "../training/index.ts";
import type { Warning } from "./context.ts";
import { nameSome } from "./steps/name-some.ts";

/** An adapter begins as no change and moves by about the learning rate at a step: fewer leave it close to that. */
const fewSteps = 20;

/** What the reader should know of a training run before it begins. */
export function planWarnings(
  plan: TrainingPlan,
  adapter: string,
  {
    sequence_len: sequenceLength,
    max_steps: mostSteps,
  }: Pick<TrainingSettings, "sequence_len" | "max_steps">,
): Warning[] {
  const { tooLong, longest, ignored, done, steps } = plan;
  const warnings: Warning[] = [];
  if (tooLong.length > 0) {
    warnings.push({
      code: "LORAG_TOO_LONG",
      message:
        `Left out of training ${adapter}: ${counted(tooLong.length, "example")} longer than sequence_len ` +
        `${sequenceLength} (${nameSome(tooLong)}). Set sequence_len to ${longest} to keep them all.`,
    });
  }
  if (steps < fewSteps) {
    const remedy =
      steps === mostSteps
        ? "raise max_steps"
        : "raise num_epochs, or lower micro_batch_size, gradient_accumulation_steps or sequence_len";
    warnings.push({
      code: "LORAG_FEW_STEPS",
      message: `Training ${adapter} takes only ${counted(steps, "step")}, too few to learn from: ${remedy}.`,
    });
  }
  if (ignored.length > 0) {
    warnings.push({
      code: "LORAG_CHECKPOINTS_IGNORED",
      message:
        `Training ${adapter} ${done > 0 ? `went on from step ${done}` : "began anew"}, without these checkpoints: ` +
        `${ignored.join("; ")}.`,
    });
  }
  return warnings;
}
