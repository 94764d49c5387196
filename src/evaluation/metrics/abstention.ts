import type { ArmResult, Example } from "../../contracts/index.ts";
import { estimateShare } from "../statistics/wilson.ts";

/** No document bears an answer. An example that does not say which documents do counts as answerable. */
export function isUnanswerable(question: Example): boolean {
  return question.documents?.length === 0;
}

/** Abstaining is right on an unanswerable question and wrong on an answerable one. */
export function measureAbstention(
  answers: readonly { abstained: boolean; withdrawn: boolean; unanswerable: boolean }[],
): ArmResult["abstention"] {
  const abstained = answers.filter((answer) => answer.abstained);
  const unanswerable = answers.filter((answer) => answer.unanswerable);
  const answerable = answers.filter((answer) => !answer.unanswerable);
  return {
    answerable: answerable.length,
    unanswerable: unanswerable.length,
    abstained: abstained.length,
    withdrawn: answers.filter((answer) => answer.withdrawn).length,
    precision: estimateShare(abstained.map((answer) => answer.unanswerable)),
    recall: estimateShare(unanswerable.map((answer) => answer.abstained)),
    falseRefusals: estimateShare(answerable.map((answer) => answer.abstained)),
  };
}
