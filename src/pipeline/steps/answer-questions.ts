import { basename, join } from "node:path";
import { z } from "zod";
import { LoragError, type Answer, type Arm, type Example } from "../../contracts/index.ts";
import { counted } from "../../text/index.ts";
import {
  appendJsonLine,
  exists,
  listFolder,
  makeFolder,
  readFile,
  removePath,
  writeFileAtomic,
} from "../../platform/index.ts";
import { interrupted, throwIfInterrupted, type Context } from "../context.ts";
import { inStage, stageIds } from "../stage.ts";
import { nameSome } from "./name-some.ts";
import { fingerprint } from "./record.ts";

/** One finished question: a line of `answers/ARM-FINGERPRINT.jsonl`. */
interface AnsweredQuestion {
  id: string;
  answer: Answer;
  /** Asked with nothing else running: only such answers tell what one user waits. */
  alone: boolean;
  /** Why this question has no answer, though others may have: the answer is empty, and wrong. */
  fault?: Fault;
  /** Seconds of machine time that passed since the answer before it, in the same run. */
  seconds: number;
  /** When that run began, ISO 8601. */
  run: string;
}

interface Fault {
  code: `LORAG_${string}`;
  message: string;
  next: string;
}

const answeredSchema = z.looseObject({
  id: z.string(),
  alone: z.boolean(),
  seconds: z.number(),
  run: z.string(),
  answer: z.looseObject({
    text: z.string(),
    abstained: z.boolean(),
    citations: z.array(z.looseObject({})),
    hits: z.array(z.looseObject({})),
    usage: z.record(z.string(), z.union([z.number(), z.literal(true)])),
    latencyMs: z.number(),
    firstTokenMs: z.number(),
  }),
});

export interface AnsweredQuestions {
  /** By question id. */
  answers: Record<string, Answer>;
  /** Ids of the questions that were asked one at a time. */
  alone: string[];
  /** Of an answer among others, how many it was measured on, and what passed before each of them, in seconds. */
  machineTime: { secondsPerAnswer: number; n: number; passed: number[] };
  /** Questions that have no answer. */
  faults: { id: string; fault: Fault }[];
}

/** How many questions are asked one at a time, for the latency: at most half, as the others tell the cost. */
export const countAlone = (questions: number): number => Math.min(16, Math.floor(questions / 2));
/** How many are under way at once after that: the generator batches them. */
const besideCount = 32;

export interface Asking {
  /** That the answers are kept under. */
  name: string;
  /** For people. */
  label: string;
  /** Called when there is something to ask. */
  open: () => Promise<Arm>;
  questions: Example[];
  /** Everything that an answer depends on besides its question; answers made of others are removed. */
  inputs: unknown[];
  /** Nobody waits for these answers: none is asked alone, nor one to warm up. */
  untimed?: true;
  /** Answers are paid for: none is asked for twice, to warm up. */
  paid?: boolean;
}

/**
 * Asks an arm every question: the first ones alone, for the latency, the rest side by side. Each answer is
 * appended to a file as it comes, so that a run that was cut off goes on with the questions that are left.
 */
export async function answerQuestions(context: Context, asking: Asking): Promise<AnsweredQuestions> {
  const { name, label, questions } = asking;
  const folder = answersFolder(context.project.output);
  const asked = questions.map(({ id, prompt }) => [id, prompt]);
  const file = join(folder, `${name}-${fingerprint(asking.inputs, asked).slice(0, 16)}.jsonl`);
  await makeFolder(folder);
  await removeStale(folder, name, basename(file));
  const done = settled(await readAnswered(file), questions);
  const known = new Set(done.map(({ id }) => id));

  const { onProgress } = inStage(context, stageIds.answering(name));
  const report = (): void =>
    onProgress({
      step: `Answering with ${label}`,
      done: done.length,
      total: questions.length,
      unit: "questions",
    });
  report();
  const left = questions.filter(({ id }) => !known.has(id));
  if (left.length > 0) {
    const arm = await asking.open();
    // The first answer of a model and adapter pays for what is made once: it would spoil the latencies.
    throwIfInterrupted(context.signal);
    if (!asking.untimed && !asking.paid) await answerOne(arm, left[0]!, context.signal);
    const run = new Date().toISOString();
    let last = performance.now();
    const ask = async (question: Example, alone: boolean): Promise<void> => {
      throwIfInterrupted(context.signal);
      const answered = await answerOne(arm, question, context.signal).catch(async (error: unknown) => {
        if (error instanceof LoragError && error.paid && error.paid.cost > 0)
          await appendJsonLine(file, { ...unanswered(question.id, error), alone: false, seconds: 0, run });
        throw error;
      });
      const now = performance.now();
      const line = { ...answered, alone: alone && !answered.fault, seconds: (now - last) / 1000, run };
      last = now;
      done.push(line);
      await appendJsonLine(file, line);
      report();
    };
    const alone = asking.untimed ? 0 : countAlone(questions.length);
    const first = new Set(questions.slice(0, alone).map(({ id }) => id));
    for (const question of left.filter(({ id }) => first.has(id))) await ask(question, true);
    const rest = left.filter(({ id }) => !first.has(id));
    await eachBeside(rest, besideCount, (question) => ask(question, false));
  }
  return summarise(done);
}

/**
 * What need not be asked again: the last that came of each question, where that was an answer or a fault of this question
 * alone. Where no question has an answer, all are asked anew: what ailed the arm may be mended.
 */
function settled(lines: AnsweredQuestion[], questions: Example[]): AnsweredQuestion[] {
  const last = new Map(lines.map((line) => [line.id, line]));
  const done = [...last.values()].filter(({ fault }) => !fault || isFaultOfQuestion(fault.code));
  return done.length >= questions.length && done.every(({ fault }) => fault) ? [] : done;
}

/** What may befall one question and leave the others as they are. */
const isFaultOfQuestion = (code: string): boolean =>
  code === "LORAG_PROMPT_TOO_LONG" || code.startsWith("LORAG_REPLY_");

/** The answer, or an empty one where this question alone has none: one question fails no arm. */
async function answerOne(
  arm: Arm,
  { id, prompt }: Example,
  signal: AbortSignal,
): Promise<Pick<AnsweredQuestion, "id" | "answer" | "fault">> {
  try {
    const answer = await arm.answer(prompt, { signal });
    // An answer that was cancelled half-way is no answer, though it may have been paid for.
    if (signal.aborted) throw interrupted().afterPaying({ usage: answer.usage, cost: answer.cost ?? 0 });
    return { id, answer };
  } catch (error) {
    if (!(error instanceof LoragError) || !isFaultOfQuestion(error.code)) throw error;
    return unanswered(id, error);
  }
}

function unanswered(
  id: string,
  { code, message, next, paid }: LoragError,
): Pick<AnsweredQuestion, "id" | "answer" | "fault"> {
  const answer = {
    text: "",
    abstained: false,
    citations: [],
    hits: [],
    usage: paid?.usage ?? { promptTokens: 0, completionTokens: 0, cachedTokens: 0 },
    latencyMs: 0,
    firstTokenMs: 0,
    ...(paid && paid.cost > 0 && { cost: paid.cost }),
  };
  return { id, fault: { code, message, next }, answer };
}

/**
 * One warning for each kind of fault, with the questions that met it. Throws LORAG_NO_ANSWERS where every question met one:
 * an arm that answers nothing has failed.
 */
export function tellFaults({ warn }: Context, label: string, { answers, faults }: AnsweredQuestions): void {
  const kinds = [...new Set(faults.map(({ fault }) => fault.code))].map((code) =>
    faults.filter(({ fault }) => fault.code === code),
  );
  const asked = Object.keys(answers).length;
  if (asked > 0 && faults.length === asked) {
    const most = kinds.reduce((a, b) => (b.length > a.length ? b : a));
    throw new LoragError({
      code: "LORAG_NO_ANSWERS",
      kind: "data",
      message: `${label} answered none of ${counted(asked, "question")}${kinds.length > 1 ? `, and ${most.length} of them for this` : ""}: ${most[0]!.fault.message}`,
      next: `${most[0]!.fault.next} The next run asks all questions of this arm anew.`,
    });
  }
  for (const met of kinds) {
    const { code, message } = met[0]!.fault;
    const ids = nameSome(met.map(({ id }) => id));
    const isTooLong = code === "LORAG_PROMPT_TOO_LONG";
    const what = isTooLong
      ? counted(
          met.length,
          "held-out question is longer than the model's context and counts",
          "held-out questions are longer than the model's context and count",
        )
      : counted(
          met.length,
          "held-out question has no answer and counts",
          "held-out questions have no answer and count",
        );
    const remedy = isTooLong ? "Shorten them, or choose a model with a longer context." : message;
    warn({ code, message: `${what} as wrong for ${label}: ${ids}. ${remedy}` });
  }
}

function summarise(done: AnsweredQuestion[]): AnsweredQuestions {
  const beside = done.filter(({ alone }) => !alone);
  const runs = [...new Set(beside.map(({ run }) => run))].map((one) =>
    beside.filter(({ run }) => run === one),
  );
  // A run that was cut off lost the time of the answers under way, and the next one had to fill its batch again.
  const longest = runs.reduce<AnsweredQuestion[]>((a, b) => (b.length > a.length ? b : a), []);
  const timed = longest.length > 0 ? longest : done;
  const secondsPerAnswer = timed.reduce((total, { seconds }) => total + seconds, 0) / timed.length;
  return {
    answers: Object.fromEntries(done.map(({ id, answer }) => [id, answer])),
    alone: done.filter(({ alone }) => alone).map(({ id }) => id),
    machineTime: { secondsPerAnswer, n: timed.length, passed: timed.map(({ seconds }) => seconds) },
    faults: done.flatMap(({ id, fault }) => (fault ? [{ id, fault }] : [])),
  };
}

/** What earlier runs finished. A line that a killed run left half-written, or a fault spoilt, is dropped from the file. */
async function readAnswered(file: string): Promise<AnsweredQuestion[]> {
  if (!(await exists(file))) return [];
  const text = new TextDecoder().decode(await readFile(file));
  const lines = text.split("\n").filter((line) => line !== "");
  const whole = lines.flatMap((line): AnsweredQuestion[] => {
    try {
      return [answeredSchema.parse(JSON.parse(line)) as unknown as AnsweredQuestion];
    } catch {
      return [];
    }
  });
  if (whole.length < lines.length || (text !== "" && !text.endsWith("\n"))) {
    await writeFileAtomic(file, whole.map((answered) => `${JSON.stringify(answered)}\n`).join(""));
  }
  return whole;
}

async function removeStale(folder: string, arm: string, current: string): Promise<void> {
  for (const name of await listFolder(folder)) {
    if (armOfFile(name) === arm && name !== current) await removePath(join(folder, name));
  }
}

/** The arm, or variant of one, whose answers a file holds: ARM-FINGERPRINT.jsonl. */
const armOfFile = (name: string): string | undefined => /^(.+)-[0-9a-f]{16}\.jsonl$/.exec(name)?.[1];

const answersFolder = (output: string): string => join(output, "answers");

/** Removes all answers but those of the arms to `keep`: they hold the passages that the arm was shown. */
export async function forgetAnswers(output: string, keep: string[]): Promise<void> {
  const folder = answersFolder(output);
  if (!(await exists(folder))) return;
  for (const name of await listFolder(folder)) {
    const arm = (armOfFile(name) ?? "").replace(/@.*$/, "");
    if (!keep.includes(arm)) await removePath(join(folder, name));
  }
}

/** What the answers kept so far cost at endpoints, in this project. */
export async function spentSoFar(output: string): Promise<number> {
  const folder = answersFolder(output);
  if (!(await exists(folder))) return 0;
  let spent = 0;
  for (const name of await listFolder(folder)) {
    if (armOfFile(name) === undefined) continue;
    for (const { answer } of await readAnswered(join(folder, name))) spent += answer.cost ?? 0;
  }
  return spent;
}

/** Runs `work` over the items, at most `limit` at a time. The first failure ends it once the others have settled. */
async function eachBeside<Item>(
  items: Item[],
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  let failed = false;
  const lane = async (): Promise<void> => {
    for (const item of queue) {
      if (failed) return;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: limit }, lane));
  const failure = lanes.find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
}
