import { z } from "zod";
import {
  LoragError,
  gradingModes,
  gradingSchema,
  inBrief,
  type Estimate,
  type Example,
  type Grading,
  type JudgeVerdict,
} from "../../contracts/index.ts";
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
  /** Of the project's `models`, or what one may stand for: the judge. */
  model?: string;
}

interface Judge {
  model: string;
  /** How often it is right about golds whose grade is known. */
  agreement: Estimate | null;
}

interface Graded {
  gold: string;
  answer: string;
  right: boolean;
  why: string;
  /** Where one grades. */
  judge?: Judge;
}

/** Grades one answer, or each line of a file; only a judge needs a project. */
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
    ...(flags.model !== undefined && { model: flags.model }),
  };
  if (file === undefined) {
    if (gold === undefined || answer === undefined)
      throw usage("`lorag grade` takes a gold and an answer.", "Write both in quotes, or give --file.");
    const [row] = await gradeAll(session, [
      readLine({ gold, answer, accept, ...common }, "the command line"),
    ]);
    const { steps, ...graded } = row!;
    session.print(
      [...steps, `${graded.right ? "right" : "wrong"}: ${graded.why}`].map((line) => `${line}\n`).join(""),
    );
    return graded;
  }
  if (gold !== undefined)
    throw usage("`lorag grade --file` takes no gold and no answer beside the file.", "Leave them out.");
  const lines = (await readText(file)).split(/\r?\n/u);
  const read = lines.flatMap((line, index) => {
    const where = `${file}, line ${index + 1}`;
    return line.trim() === "" ? [] : [readLine({ ...common, ...parseLine(line, where) }, where)];
  });
  const rows = await gradeAll(session, read);
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
  model: z.unknown().optional(),
});

/** A pair, and how it is graded. */
interface Pair {
  example: Example;
  answer: string;
  question: string | undefined;
  grading: Grading;
}

function readLine(line: unknown, where: string): Pair {
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
    model,
  } = parsed.data;
  const golds = [...(Array.isArray(gold) ? gold : [gold]), ...accept];
  if (golds.some((each) => each.trim() === "")) throw badLine(where, "has an empty gold", line);
  const overrides = Object.entries({ labels, tolerance, unit, at_least, model }).filter(
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
  const example: Example = {
    id: where,
    prompt: question === undefined ? [] : [{ role: "user", content: question }],
    completion: golds[0]!,
    metadata: { accept: golds.slice(1) },
  };
  return { example, answer, question, grading: how.data };
}

/** Grades the pairs, those for a judge by one call a model. */
async function gradeAll(
  session: Session,
  pairs: readonly Pair[],
): Promise<(Graded & Pick<Grade, "steps">)[]> {
  const judges = await askJudges(
    session,
    pairs.filter(({ grading }) => grading.mode === "judge"),
  );
  return pairs.map((pair) => {
    const { example, answer, question } = pair;
    const judged = judges.of.get(pair);
    const grading = judges.gradingOf(pair);
    const { mode, grading: settings } = howGraded(example, {
      kind: "short answers",
      labels: new Set(),
      grading,
    });
    const { right, why, steps } = gradeAnswer(answer, goldsOf(example), {
      grading: settings,
      question,
      verdict: judged?.verdict,
    });
    return {
      gold: example.completion,
      answer,
      right,
      why,
      ...(judged && { judge: judged.judge }),
      steps: [`graded by: ${mode}`, ...steps],
    };
  });
}

interface Judged {
  of: Map<Pair, { verdict: JudgeVerdict; judge: Judge }>;
  /** With the judge that the project names, where the pair names none. */
  gradingOf: (pair: Pair) => Grading;
}

/** Says of each judge how far it can be relied on. */
async function askJudges(session: Session, pairs: readonly Pair[]): Promise<Judged> {
  const of: Judged["of"] = new Map();
  if (pairs.length === 0) return { of, gradingOf: ({ grading }) => grading };
  // Loaded here, so that grading by texts alone comes at once.
  const { judgePairs } = await import("../../pipeline/index.ts");
  const context = await session.open();
  const usual = context.project.config.grading.model;
  const gradingOf = ({ grading }: Pair): Grading =>
    grading.mode === "judge" ? { ...grading, model: grading.model ?? usual } : grading;
  const models = new Set(pairs.map((pair) => gradingOf(pair).model));
  if (models.has(undefined)) throw noJudge(context.project.folder);
  for (const model of models as Set<string>) {
    const own = pairs.filter((pair) => gradingOf(pair).model === model);
    const { verdicts, agreement } = await judgePairs(
      context,
      model,
      own.map(({ example, answer }) => ({ question: example, text: answer })),
    );
    for (const [index, pair] of own.entries())
      of.set(pair, { verdict: verdicts[index]!, judge: { model, agreement } });
    if (agreement)
      session.note(
        `The judge ${model} was right about ${Math.round(agreement.value * agreement.n)} of ${agreement.n} golds whose grade is known.`,
      );
  }
  return { of, gradingOf };
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

const noJudge = (folder: string): LoragError =>
  usage(
    "`--grading judge` does not say which model judges.",
    `Name it: --model NAME, or \`grading: {mode: judge, model: NAME}\` in the lorag.yaml of ${folder}; a name of its \`models\`, or a model's own.`,
  );

const usage = (message: string, next: string): LoragError =>
  new LoragError({ code: "LORAG_USAGE", kind: "usage", message, next });
