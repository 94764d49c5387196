import type { Example, Scores } from "../../contracts/index.ts";
import { isUnanswerable } from "./abstention.ts";
import { gradeAnswer } from "../grading/grade-answer.ts";
import { goldsOf, gradingOf } from "../grading/grading-of.ts";
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
  task: Pick<Task, "kind" | "labels" | "grading">,
): Scores {
  const text = stripMarkers(answer.text);
  const golds = goldsOf(question).map(stripMarkers);
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
  { kind, labels, grading }: Pick<Task, "kind" | "labels" | "grading">,
): NormalisedScores {
  if (answer.abstained || isUnanswerable(question)) {
    const right = answer.abstained && isUnanswerable(question) ? 1 : 0;
    return { correct: right, exactMatchNormalised: right, f1Normalised: right, rougeLNormalised: right };
  }
  const short = shortAnswer(answer.text);
  const accepted = goldsOf(question);
  const golds = accepted.map(shortAnswer);
  const asked = gradingOf(question, grading);
  // Where all golds are labels, labels are what is compared, unless something else is asked for.
  const how =
    asked.mode === "auto" && kind === "classification" ? { ...asked, mode: "label" as const } : asked;
  return {
    correct: gradeAnswer(answer.text, accepted, { grading: how, labels }).right ? 1 : 0,
    exactMatchNormalised: exactMatch(short, golds),
    f1Normalised: tokenF1(short, golds),
    rougeLNormalised: rougeL(short, golds),
  };
}
