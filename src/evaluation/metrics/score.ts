import type { Example, Scores } from "../../contracts/index.ts";
import { isUnanswerable } from "./abstention.ts";
import { gradeAnswer } from "../grading/grade-answer.ts";
import { goldsOf } from "../grading/grading-of.ts";
import { howGraded } from "../grading/how-graded.ts";
import { rougeL } from "./rouge.ts";
import { shortAnswer, stripMarkers } from "./short-answer.ts";
import { exactMatch, tokenF1 } from "./squad.ts";
import type { Task } from "./task.ts";

export type Scoring = Pick<Task, "kind" | "labels" | "grading" | "verdicts">;

/** The scores of one answer, and why it is right or wrong. */
export interface ScoredAnswer {
  scores: Scores;
  why: string;
}

/**
 * The raw scores compare the texts as they are but for `[n]` markers, which lorag may have set; the normalised ones compare
 * short answers, and an abstention decides them alone: 1 on an unanswerable question, 0 on an answerable one, as does
 * answering an unanswerable one (0).
 */
export function scoreAnswer(
  answer: { text: string; abstained: boolean },
  question: Example,
  scoring: Scoring,
): ScoredAnswer {
  const text = stripMarkers(answer.text);
  const golds = goldsOf(question).map(stripMarkers);
  const { why, ...normalised } = scoreShortAnswer(answer, question, scoring);
  return {
    scores: {
      exactMatch: exactMatch(text, golds),
      f1: tokenF1(text, golds),
      rougeL: rougeL(text, golds),
      ...normalised,
    },
    why,
  };
}

type NormalisedScores = Pick<
  Scores,
  "correct" | "exactMatchNormalised" | "f1Normalised" | "rougeLNormalised"
>;

function scoreShortAnswer(
  answer: { text: string; abstained: boolean },
  question: Example,
  scoring: Scoring,
): NormalisedScores & { why: string } {
  if (answer.abstained || isUnanswerable(question)) {
    const right = answer.abstained && isUnanswerable(question) ? 1 : 0;
    const why = answer.abstained
      ? `It declines to answer, ${right ? "and no document has an answer" : "though the question has one"}.`
      : "It answers, though no document has an answer.";
    return { correct: right, exactMatchNormalised: right, f1Normalised: right, rougeLNormalised: right, why };
  }
  const short = shortAnswer(answer.text);
  const accepted = goldsOf(question);
  const golds = accepted.map(shortAnswer);
  const { grading } = howGraded(question, scoring);
  const verdict = scoring.verdicts?.[question.id]?.[answer.text];
  const { right, why } = gradeAnswer(answer.text, accepted, {
    grading,
    labels: scoring.labels,
    verdict,
    question: question.prompt.findLast(({ role }) => role === "user")?.content,
  });
  return {
    correct: right ? 1 : 0,
    exactMatchNormalised: exactMatch(short, golds),
    f1Normalised: tokenF1(short, golds),
    rougeLNormalised: rougeL(short, golds),
    why,
  };
}
