import { join } from "node:path";
import type { Answer, Arm, Example } from "../../contracts/index.ts";
import {
  appendJsonLine,
  exists,
  listFolder,
  makeFolder,
  readText,
  removePath,
  writeFileAtomic,
} from "../../platform/index.ts";
import { throwIfInterrupted, type Context } from "../context.ts";

/** One finished question: a line of `answers/ARM-FINGERPRINT.jsonl`. */
interface AnsweredQuestion {
  id: string;
  answer: Answer;
  /** Asked with nothing else running: only such answers tell what one user waits. */
  alone: boolean;
  /** Seconds of machine time that passed since the answer before it, in the same run. */
  seconds: number;
}

export interface AnsweredQuestions {
  /** By question id. */
  answers: Record<string, Answer>;
  /** Ids of the questions that were asked one at a time. */
  alone: string[];
  /** Machine time of all questions, had all been asked side by side. */
  seconds: number;
}

/** How many questions are asked one at a time, for the latency. */
const aloneCount = 16;
/** How many are under way at once after that: the generator batches them. */
const besideCount = 32;

/**
 * Asks an arm every question: the first 16 one at a time for the latency, the rest side by side. Each answer is
 * appended to a file as it comes, so that a run that was cut off goes on with the questions that are left.
 * `fingerprint` covers everything that an answer depends on; answers made under another one are removed.
 */
export async function answerQuestions(
  context: Context,
  arm: Arm,
  questions: Example[],
  fingerprint: string,
): Promise<AnsweredQuestions> {
  const folder = join(context.project.output, "answers");
  const name = `${arm.name}-${fingerprint.slice(0, 16)}.jsonl`;
  await makeFolder(folder);
  await removeStale(folder, arm.name, name);
  const file = join(folder, name);
  const done = await readAnswered(file);
  const known = new Set(done.map(({ id }) => id));

  const report = (): void =>
    context.onProgress({
      step: `Answering with ${arm.name}`,
      done: done.length,
      total: questions.length,
      unit: "questions",
    });
  report();
  let last = performance.now();
  const ask = async (question: Example, alone: boolean): Promise<void> => {
    throwIfInterrupted(context.signal);
    const answer = await arm.answer(question.prompt, { signal: context.signal });
    // An answer that was cancelled half-way is no answer.
    throwIfInterrupted(context.signal);
    const now = performance.now();
    const answered = { id: question.id, answer, alone, seconds: (now - last) / 1000 };
    last = now;
    done.push(answered);
    await appendJsonLine(file, answered);
    report();
  };
  const isLeft = (question: Example): boolean => !known.has(question.id);
  for (const question of questions.slice(0, aloneCount).filter(isLeft)) await ask(question, true);
  await eachBeside(questions.slice(aloneCount).filter(isLeft), besideCount, (question) =>
    ask(question, false),
  );
  return summarise(done);
}

function summarise(done: AnsweredQuestion[]): AnsweredQuestions {
  const beside = done.filter(({ alone }) => !alone);
  const timed = beside.length > 0 ? beside : done;
  const secondsEach = timed.reduce((total, { seconds }) => total + seconds, 0) / timed.length;
  return {
    answers: Object.fromEntries(done.map(({ id, answer }) => [id, answer])),
    alone: done.filter(({ alone }) => alone).map(({ id }) => id),
    seconds: secondsEach * done.length,
  };
}

/** What earlier runs finished. A line that a killed run left half-written is dropped from the file. */
async function readAnswered(file: string): Promise<AnsweredQuestion[]> {
  if (!(await exists(file))) return [];
  const text = await readText(file);
  const lines = text.split("\n").filter((line) => line !== "");
  const whole = lines.flatMap((line): AnsweredQuestion[] => {
    try {
      return [JSON.parse(line) as AnsweredQuestion];
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
  const ofArm = new RegExp(`^${arm}-[0-9a-f]{16}\\.jsonl$`);
  for (const name of await listFolder(folder)) {
    if (ofArm.test(name) && name !== current) await removePath(join(folder, name));
  }
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
