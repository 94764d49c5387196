import { LoragError } from "../../../contracts/index.ts";
import type { Outcome } from "./follow-job.ts";

export function failed(folder: string, why: string): LoragError {
  return new LoragError({
    code: "LORAG_TRAINING_FAILED",
    kind: "unavailable",
    message: `The TRL job in ${folder} failed: ${why}`,
    next: "Mend what it says and run the same command again: it goes on after its last checkpoint.",
  });
}

export function interrupted(folder: string, goesOn: boolean): LoragError {
  return new LoragError({
    code: "LORAG_INTERRUPTED",
    kind: "interrupted",
    message: goesOn
      ? `The TRL job was left; if it was submitted, it goes on in ${folder}`
      : `Training was interrupted; what was done is kept in ${folder}`,
    next: "Run the same command again: it goes on from there.",
  });
}

export function notFinite({ step, loss }: Extract<Outcome, { kind: "failed" }>): LoragError {
  return new LoragError({
    code: "LORAG_LOSS_NOT_FINITE",
    kind: "data",
    message: `The TRL job was stopped at step ${step}: its loss is ${loss}`,
    next: "Lower `learning_rate`, or look at the examples for odd ones, and run the command again.",
  });
}
