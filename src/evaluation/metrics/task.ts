import type { Example, Grading, JudgeVerdict, Results } from "../../contracts/index.ts";
import { quantile } from "../statistics/quantile.ts";
import { isUnanswerable } from "./abstention.ts";
import { labelOf } from "./classification.ts";
import { shortAnswer } from "./short-answer.ts";

/** What judges said of answers: by question, then by the answer's text. */
export type Verdicts = Record<string, Record<string, JudgeVerdict>>;

export interface Task {
  kind: Results["task"];
  /** `correct` (right or wrong, for McNemar) where golds are short; token F1 where they are long. */
  primary: Results["primary"];
  /** The label set when it is a classification, else empty. */
  labels: ReadonlySet<string>;
  /** How answers are graded where a question does not say otherwise. */
  grading: Grading;
  /** Of answers that a judge grades. */
  verdicts?: Verdicts | undefined;
}

const fewestExamplesPerLabel = 4;
const longestLabel = 8;
const longestShortAnswer = 12;

/** What kind of answers the golds are. Reads the golds alone, so that no arm's answers can choose their own metric. */
export function detectTask(
  questions: readonly Example[],
  trainExamples: readonly Example[],
  grading: Grading = { mode: "auto" },
): Task {
  if (grading.mode === "label" && grading.labels)
    return {
      kind: "classification",
      primary: "correct",
      labels: new Set(grading.labels.map(labelOf)),
      grading,
    };
  const labels = new Set(trainExamples.map((example) => labelOf(example.completion)));
  const lengths = questions
    .filter((question) => !isUnanswerable(question))
    .map((question) => countWords(shortAnswer(question.completion)));
  const known = questions.filter((question) => labels.has(labelOf(question.completion))).length;
  const isClassification =
    labels.size > 1 &&
    trainExamples.length >= labels.size * fewestExamplesPerLabel &&
    known >= questions.length * 0.99 &&
    [...labels].every((label) => label.split(" ").length <= longestLabel);
  if (isClassification) return { kind: "classification", primary: "correct", labels, grading };
  const short = lengths.length === 0 || quantile(lengths, 0.5) <= longestShortAnswer;
  return {
    kind: short ? "short answers" : "long answers",
    // Whoever says how answers are graded wants to know how many are right.
    primary: short || grading.mode !== "auto" ? "correct" : "f1Normalised",
    labels: new Set(),
    grading,
  };
}

/** Words by spaces; where there are none between words, two characters are about one. */
function countWords(text: string): number {
  const unspaced =
    text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu)?.length ?? 0;
  return text.split(/\s+/u).length + Math.floor(unspaced / 2);
}
