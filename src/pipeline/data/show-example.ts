import { LoragError, type Example, type Grading } from "../../contracts/index.ts";
import { renderPrompt } from "../../arms/index.ts";
import { detectTask, goldsOf, gradeAnswer, howGraded, type HowGraded } from "../../evaluation/index.ts";
import { itemsOf } from "../../data/index.ts";
import { likeness } from "../../text/index.ts";
import { assemble } from "../assemble.ts";
import type { Context } from "../context.ts";
import type { LeftOut } from "../steps/prepare.ts";
import { prepare } from "../steps/prepare.ts";
import { styleOf } from "../style.ts";
import { withData } from "./read-data.ts";

/** An example as a tuned arm without retrieval is trained on it. */
export interface ShownExample {
  id: string;
  part: string;
  type: string | null;
  documents: string[] | null;
  /** As the chat template writes it; no loss is taken on it. Of a model behind an endpoint, as it is sent. */
  prompt: string;
  /** Texts of the tokens that are trained, the end token included; null where an endpoint's model cannot be. */
  trained: string[] | null;
  promptTokens: number | null;
  grading: ShownGrading;
}

/** How answers to it are graded, were it held out. */
interface ShownGrading {
  mode: HowGraded["mode"];
  /** Whose rule that is. */
  why: string;
  /** With its settings, if any. */
  settings: Grading;
  /** All that is right. */
  golds: string[];
  /** What the grader sees in the gold, step by step; empty where nothing is compared or a judge is asked. */
  steps: string[];
}

/** Which examples are where, and why some are in no part. */
export interface ShownParts {
  train: number;
  validation: number;
  test: number;
  refused: { place: string; problem: string }[];
  leftOut: { id: string; reason: string }[];
}

/** The project's own. */
const noFiles = { files: [], heldOut: [] };

/** Throws LORAG_EXAMPLES_INVALID where rows cannot be read: `lorag data check` lists those. */
export async function showParts(context: Context): Promise<ShownParts> {
  const refused = await withData(context, noFiles, async (data) =>
    data.flatMap(({ name, refused: rows }) =>
      [...itemsOf(rows)].map((row) => ({ ...row, place: `${name}, ${row.place}` })),
    ),
  );
  if (refused.length > 0) return { train: 0, validation: 0, test: 0, refused, leftOut: [] };
  const { train, validation, test, leftOut } = await prepare(context, true);
  return {
    train: train.length,
    validation: validation.length,
    test: test.length,
    refused,
    leftOut: leftOut.map(({ example, reason }) => ({ id: example.id, reason })),
  };
}

/** One example, by its id or by its line. Throws LORAG_NO_EXAMPLE. */
export async function showExample(context: Context, name: string): Promise<ShownExample> {
  const prepared = await prepare(context, true);
  const ofLine = await withData(context, noFiles, async (data) =>
    data.flatMap((file) =>
      file.numbers.flatMap((number, index) =>
        [`${number}`, `${file.name}:${number}`].includes(name) ? file.examples.at(index)! : [],
      ),
    ),
  );
  const { example, part } = find(name, ofLine, [
    ...prepared.train.map((one) => ({ example: one, part: "train" })),
    ...prepared.validation.map((one) => ({ example: one, part: "validation" })),
    ...prepared.test.map((one) => ({ example: one, part: "held out" })),
    ...prepared.leftOut.map(({ example: one, reason }: LeftOut) => ({
      example: one,
      part: `left out: ${reason}`,
    })),
  ]);
  const { grading } = context.project.config;
  return {
    id: example.id,
    part,
    type: example.type ?? null,
    documents: example.documents ?? null,
    ...(await showTokens(context, example)),
    grading: showGrading(example, detectTask(prepared.test, prepared.train, grading)),
  };
}

async function showTokens(
  context: Context,
  example: Example,
): Promise<Pick<ShownExample, "prompt" | "promptTokens" | "trained">> {
  const { project } = context;
  const prompt = renderPrompt(example.prompt, styleOf(project));
  if (typeof project.entryOf(project.config.base_model) !== "string") {
    const sent = prompt.map(({ role, content }) => `${role}: ${content}\n`).join("");
    return { prompt: sent, promptTokens: null, trained: null };
  }
  const parts = await assemble(context);
  try {
    return (await parts.exampleView())({ ...example, prompt });
  } finally {
    await parts.close();
  }
}

function showGrading(example: Example, task: ReturnType<typeof detectTask>): ShownGrading {
  const { mode, why, grading: settings } = howGraded(example, task);
  const golds = goldsOf(example);
  const compares = mode !== "abstention" && mode !== "judge";
  const steps = compares
    ? gradeAnswer(example.completion, golds, { grading: settings, labels: task.labels }).steps
    : [];
  return { mode, why, settings, golds, steps };
}

interface Placed {
  example: Example;
  part: string;
}

/** By its id, by `examples.jsonl:12`, or by the number of its line where only one file has an example there. */
function find(name: string, ofLine: Example[], all: Placed[]): Placed {
  const id = ofLine.length === 1 ? ofLine[0]!.id : name;
  const found =
    all.find(({ example }) => example.id === name) ?? all.find(({ example }) => example.id === id);
  if (found) return found;
  const ids = ofLine.length > 1 ? ofLine.map((example) => example.id) : nearest(name, all);
  throw new LoragError({
    code: "LORAG_NO_EXAMPLE",
    kind: "usage",
    message:
      ofLine.length > 1
        ? `Several files have an example in line ${name}`
        : `There is no example ${JSON.stringify(name)}`,
    next: `Name one by its id, such as ${ids.join(", ")}.`,
  });
}

const nearest = (name: string, all: Placed[]): string[] =>
  all
    .map(({ example }) => ({ id: example.id, score: likeness(name, example.id) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, 3)
    .map(({ id }) => id);
