import { LoragError, type Grading, type GradingMode, type JudgeVerdict } from "../../contracts/index.ts";
import { plainText } from "../../text/index.ts";
import { labelOf, readLabel } from "../metrics/classification.ts";
import { claimOf, shortAnswer, stripMarkers } from "../metrics/short-answer.ts";
import { tokenF1 } from "../metrics/squad.ts";
import type { Grade } from "./grade.ts";
import { gradeNumber } from "./grade-number.ts";
import { gradeText } from "./grade-text.ts";

export interface GradeOptions {
  grading?: Grading | undefined;
  /** Labels to tell apart where the grading names none. */
  labels?: ReadonlySet<string> | undefined;
  abstainAnswer?: string | undefined;
  /** What was asked: what it says already need not be said again, and its bound, end or denial is meant. */
  question?: string | undefined;
  /** What the judge said, where one grades. */
  verdict?: JudgeVerdict | undefined;
}

/** A text that is all marker is compared as it stands. */
const withoutMarkers = (text: string): string => {
  const plain = stripMarkers(text);
  return plain.trim() === "" ? text : plain;
};

type Grader = (answer: string, gold: string, options: GradeOptions) => Grade;

/** A new way to grade is a function and a row. */
const graders: Record<GradingMode, Grader> = {
  auto: (answer, gold, { abstainAnswer, question }) =>
    gradeText(withoutMarkers(answer), withoutMarkers(gold), abstainAnswer, question),
  exact: gradeExact,
  label: gradeLabel,
  number: (answer, gold, { grading }) => gradeNumber(answer, gold, grading ?? { mode: "number" }),
  contains: gradeContains,
  f1: gradeF1,
  judge: gradeByJudge,
};

/**
 * Whether an answer is right by the way that is asked for, against the accepted gold that suits it best.
 * Throws LORAG_GRADING for a gold that this way cannot read.
 */
export function gradeAnswer(answer: string, golds: readonly string[], options: GradeOptions = {}): Grade {
  const mode = options.grading?.mode ?? "auto";
  const grades = golds.map((gold) => graders[mode](answer, gold, options));
  return grades.find(({ right }) => right) ?? grades[0]!;
}

function gradeByJudge(answer: string, gold: string, { grading, verdict }: GradeOptions): Grade {
  if (answer.trim() === "") return { right: false, why: "The answer is empty.", steps: [] };
  if (verdict === undefined)
    throw new LoragError({
      code: "LORAG_GRADING",
      kind: "usage",
      message: "No judge was asked about it.",
      next: "Run `lorag compare` or `lorag grade --grading judge`, which ask it.",
    });
  const { right, why } = verdict;
  return { right, why, steps: [`judge: ${grading?.model ?? ""}`, `gold: ${gold}`] };
}

function gradeExact(answer: string, gold: string): Grade {
  const [said, asked] = [answer, gold].map((text) => stripMarkers(text).normalize("NFC").trim()) as [
    string,
    string,
  ];
  const right = said === asked;
  return {
    right,
    why: right ? "The texts are the same." : "The texts differ.",
    steps: [`gold: ${asked}`, `answer: ${said}`],
  };
}

function gradeLabel(answer: string, gold: string, { grading, labels }: GradeOptions): Grade {
  const asked = labelOf(gold);
  const all = new Set([...(grading?.labels?.map(labelOf) ?? labels ?? []), asked]);
  const said = readLabel(answer, all);
  const right = said === asked;
  const why = right
    ? `The label is ${asked}.`
    : all.has(said)
      ? `The label is ${said}, not ${asked}.`
      : `The answer names no label.`;
  return { right, why, steps: [`labels: ${[...all].join(", ")}`, `gold: ${asked}`, `answer: ${said}`] };
}

function gradeContains(answer: string, gold: string): Grade {
  const [said, asked] = [answer, gold].map((text) =>
    plainText(stripMarkers(text)).toLowerCase().replace(/\s+/gu, " ").trim(),
  ) as [string, string];
  const steps = [`gold: ${asked}`, `answer: ${said}`];
  const isWord = (char: string | undefined): boolean =>
    char !== undefined &&
    /[\p{L}\p{N}]/u.test(char) &&
    !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]/u.test(char);
  for (let at = said.indexOf(asked); at >= 0 && asked !== ""; at = said.indexOf(asked, at + 1)) {
    const cuts =
      (isWord(said[at - 1]) && isWord(asked[0])) || (isWord(said[at + asked.length]) && isWord(asked.at(-1)));
    if (!cuts) return { right: true, why: "The answer contains the gold.", steps };
  }
  return { right: false, why: "The answer does not contain the gold.", steps };
}

function gradeF1(answer: string, gold: string, { grading }: GradeOptions): Grade {
  const least = grading?.at_least ?? 0.5;
  const [said, asked] = [claimOf(answer), shortAnswer(gold)];
  const f1 = tokenF1(said, [asked]);
  const right = f1 >= least;
  return {
    right,
    why: `Token F1 is ${f1.toFixed(2)}, ${right ? "at least" : "less than"} ${least}.`,
    steps: [`gold: ${asked}`, `answer: ${said}`],
  };
}
