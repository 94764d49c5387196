import { z } from "zod";
import { LoragError, gradingModes, gradingSchema, inBrief } from "../../contracts/index.ts";
import { goldsOf, gradeAnswer, howGraded, type Grade } from "../../evaluation/index.ts";
import { readText } from "../../platform/index.ts";
import type { Session } from "../session.ts";

export interface GradeFlags {
  file?: string;
  grading?: string;
  labels?: string;
  tolerance?: string;
  unit?: string;
  accept?: string[];
  question?: string;
}

interface Graded {
  gold: string;
  answer: string;
  right: boolean;
  why: string;
}

/** Grades one answer, or each line of a file; needs no project. */
export async function gradeCommand(
  session: Session,
  gold: string | undefined,
  answer: string | undefined,
  { file, accept = [], ...flags }: GradeFlags,
): Promise<unknown> {
  const common = {
    ...(flags.grading !== undefined && { grading: flags.grading }),
    ...(flags.labels !== undefined && { labels: flags.labels.split(",").map((label) => label.trim()) }),
    ...(flags.tolerance !== undefined && { tolerance: asTolerance(flags.tolerance) }),
    ...(flags.unit !== undefined && { unit: flags.unit }),
    ...(flags.question !== undefined && { question: flags.question }),
  };
  if (file === undefined) {
    if (gold === undefined || answer === undefined)
      throw usage("`lorag grade` takes a gold and an answer.", "Write both in quotes, or give --file.");
    const { steps, ...graded } = grade({ gold, answer, accept, ...common }, "the command line");
    session.print(
      [...steps, `${graded.right ? "right" : "wrong"}: ${graded.why}`].map((line) => `${line}\n`).join(""),
    );
    return graded;
  }
  if (gold !== undefined)
    throw usage("`lorag grade --file` takes no gold and no answer beside the file.", "Leave them out.");
  const lines = (await readText(file)).split(/\r?\n/u);
  const rows = lines.flatMap((line, index) =>
    line.trim() === ""
      ? []
      : [
          grade(
            { ...common, ...parseLine(line, `${file}, line ${index + 1}`) },
            `${file}, line ${index + 1}`,
          ),
        ],
  );
  for (const { steps: _, ...row } of rows)
    session.printLine(
      row,
      `${row.right ? "right" : "wrong"}\t${oneLine(row.gold)}\t${oneLine(row.answer)}\t${row.why}`,
    );
  return undefined;
}

/** Half of a character, which no UTF-8 can hold, becomes U+FFFD. */
const text = z.union([
  z.string().transform((said) => said.replace(/\p{Surrogate}/gu, "\uFFFD")),
  z.number().transform(String),
]);
const lineSchema = z.object({
  gold: z.union([text, z.array(text).min(1)]),
  answer: text,
  accept: z.union([text.transform((one) => [one]), z.array(text)]).optional(),
  question: z.string().optional(),
  grading: z.unknown().optional(),
  labels: z.unknown().optional(),
  tolerance: z.unknown().optional(),
  unit: z.unknown().optional(),
  at_least: z.unknown().optional(),
});

function grade(line: unknown, where: string): Graded & Pick<Grade, "steps"> {
  const parsed = lineSchema.safeParse(line);
  if (!parsed.success) throw badLine(where, "needs a `gold` and an `answer`, both texts", line);
  const {
    gold,
    answer,
    accept = [],
    question,
    grading = "auto",
    labels,
    tolerance,
    unit,
    at_least,
  } = parsed.data;
  const golds = [...(Array.isArray(gold) ? gold : [gold]), ...accept];
  if (golds.some((each) => each.trim() === "")) throw badLine(where, "has an empty gold", line);
  const overrides = Object.entries({ labels, tolerance, unit, at_least }).filter(
    ([, value]) => value !== undefined,
  );
  const asked = typeof grading === "string" ? { mode: grading } : { ...(grading as object) };
  const how = gradingSchema.safeParse({ ...asked, ...Object.fromEntries(overrides) });
  if (!how.success)
    throw badLine(
      where,
      `has a \`grading\` that is none of ${gradingModes.join(", ")} with their settings`,
      grading,
    );
  const example = { id: where, prompt: [], completion: golds[0]!, metadata: { accept: golds.slice(1) } };
  const { mode, grading: settings } = howGraded(example, {
    kind: "short answers",
    labels: new Set(),
    grading: how.data,
  });
  const { right, why, steps } = gradeAnswer(answer, goldsOf(example), { grading: settings, question });
  return { gold: golds[0]!, answer, right, why, steps: [`graded by: ${mode}`, ...steps] };
}

function parseLine(line: string, where: string): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Told below.
  }
  throw badLine(where, "is no JSON object", line);
}

const asTolerance = (given: string): number | string => (given.endsWith("%") ? given : Number(given));
const oneLine = (given: string): string => given.replace(/\s+/gu, " ");

const badLine = (where: string, what: string, value: unknown): LoragError =>
  new LoragError({
    code: "LORAG_GRADING",
    kind: "data",
    message: `${where} ${what}: ${inBrief(value)}`,
    next: 'Write it as {"gold": "9 florins", "answer": "It is 9 florins."}, with `grading`, `labels`, `tolerance`, `unit`, `accept` or `question` if need be.',
  });

const usage = (message: string, next: string): LoragError =>
  new LoragError({ code: "LORAG_USAGE", kind: "usage", message, next });
