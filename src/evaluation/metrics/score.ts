import type { Example, Scores } from "../../contracts/index.ts";
import { isUnanswerable } from "./abstention.ts";
import { labelOf, readLabel } from "./classification.ts";
import { gradeText } from "../grading/grade-text.ts";
import { rougeL } from "./rouge.ts";
import { shortAnswer, stripMarkers } from "./short-answer.ts";
import { exactMatch, tokenF1 } from "./squad.ts";
import type { Task } from "./task.ts";

/**
 * All scores of one answer. The raw ones compare the texts as they are but for `[n]` markers, which lorag may have set; the
 * normalised ones compare short answers, and an abstention decides them alone: 1 on an unanswerable question, 0 on an answerable one,
 * as does answering an unanswerable one (0).
 */
export function scoreAnswer(
  answer: { text: string; abstained: boolean },
  question: Example,
  task: Pick<Task, "kind" | "labels">,
): Scores {
  const text = stripMarkers(answer.text);
  const golds = [stripMarkers(question.completion)];
  return {
    exactMatch: exactMatch(text, golds),
    f1: tokenF1(text, golds),
    rougeL: rougeL(text, golds),
    ...scoreShortAnswer(answer, question, task),
  };
}

type NormalisedScores = Pick<
  Scores,
  "correct" | "exactMatchNormalised" | "f1Normalised" | "rougeLNormalised"
>;

function scoreShortAnswer(
  answer: { text: string; abstained: boolean },
  question: Example,
  { kind, labels }: Pick<Task, "kind" | "labels">,
): NormalisedScores {
  if (answer.abstained || isUnanswerable(question)) {
    const right = answer.abstained && isUnanswerable(question) ? 1 : 0;
    return { correct: right, exactMatchNormalised: right, f1Normalised: right, rougeLNormalised: right };
  }
  const short = shortAnswer(answer.text);
  const golds = [shortAnswer(question.completion)];
  const sameLabel = readLabel(answer.text, labels) === labelOf(question.completion) ? 1 : 0;
  return {
    correct:
      kind === "classification" ? sameLabel : gradeText(answer.text, question.completion).right ? 1 : 0,
    exactMatchNormalised: exactMatch(short, golds),
    f1Normalised: tokenF1(short, golds),
    rougeLNormalised: rougeL(short, golds),
  };
}
