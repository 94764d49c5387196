import type { Example, Grading, GradingMode } from "../../contracts/index.ts";
import { isUnanswerable } from "../metrics/abstention.ts";
import { labelOf } from "../metrics/classification.ts";
import type { Task } from "../metrics/task.ts";
import { gradingOf } from "./grading-of.ts";

export interface HowGraded {
  /** `abstention`: nothing is compared, as only declining is right. */
  mode: GradingMode | "abstention";
  /** Whose rule that is. One sentence. */
  why: string;
  grading: Grading;
}

/**
 * How the answers to a question are graded, and why so: the one rule for comparisons, `lorag grade` and `lorag data show`.
 * Throws LORAG_GRADING for a `metadata.grading` that is none.
 */
export function howGraded(
  question: Example,
  { kind, labels, grading }: Pick<Task, "kind" | "labels" | "grading">,
): HowGraded {
  const asked = gradingOf(question, grading);
  if (isUnanswerable(question))
    return {
      mode: "abstention",
      why: "No document answers it, so that only saying so is right.",
      grading: asked,
    };
  if (question.metadata?.["grading"] !== undefined)
    return { mode: asked.mode, why: "Its own `metadata.grading` says so.", grading: asked };
  if (asked.mode !== "auto") return { mode: asked.mode, why: "`grading` says so.", grading: asked };
  if (kind !== "classification")
    return {
      mode: "auto",
      why: "Nothing else is asked for, and the golds are no set of labels.",
      grading: asked,
    };
  const own = labelOf(question.completion);
  return {
    mode: "label",
    why: labels.has(own)
      ? `The gold is one of the ${labels.size} labels that the training examples have.`
      : `The other golds are the ${labels.size} labels that the training examples have.`,
    grading: { ...asked, mode: "label" },
  };
}
