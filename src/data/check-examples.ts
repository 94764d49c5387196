import { LoragError, type Example } from "../contracts/index.ts";
import { counted } from "../text/index.ts";
import { normalise } from "./normalise.ts";

/** Something to tell the reader that does not stop the work. */
export interface DataWarning {
  code: `LORAG_${string}`;
  message: string;
}

/** Below this many questions an interval on a score spans some 40 points. */
const fewQuestions = 20;

/** Throws LORAG_ONE_CLASS when all examples have one answer: there is nothing to learn but to say it. */
export function checkTraining(examples: Example[], name: string): void {
  if (examples.length < 2 || countAnswers(examples) > 1) return;
  throw new LoragError({
    code: "LORAG_ONE_CLASS",
    kind: "data",
    message: `All ${examples.length} training examples of ${name} have the same answer: ${examples[0]!.completion.slice(0, 60)}`,
    next: "Add examples with other answers: a model trained on these would give this answer to everything.",
  });
}

/** What weakens a comparison on these questions. */
export function checkHeldOut(examples: Example[], name: string): DataWarning[] {
  const warnings: DataWarning[] = [];
  if (examples.length < fewQuestions) {
    warnings.push({
      code: "LORAG_FEW_QUESTIONS",
      message: `${name} has ${counted(examples.length, "question")}, fewer than ${fewQuestions}: intervals will be wide.`,
    });
  }
  if (examples.length > 1 && countAnswers(examples) === 1) {
    warnings.push({
      code: "LORAG_ONE_CLASS",
      message: `All ${examples.length} questions of ${name} have the same answer: a constant would score 100%.`,
    });
  }
  return warnings;
}

function countAnswers(examples: Example[]): number {
  return new Set(examples.map((example) => normalise(example.completion))).size;
}
