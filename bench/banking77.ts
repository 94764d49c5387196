import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Example, TrainingRecord } from "../src/contracts/index.ts";
import { cleanExamples, findLeaks, randomStream, removeLeaks, shuffle } from "../src/data/index.ts";
import { fitLogisticRegression } from "../src/evaluation/floors/logistic-regression.ts";
import { fitTfidf } from "../src/evaluation/floors/tfidf.ts";
import { createGenerator } from "../src/inference/index.ts";
import { resolveModel } from "../src/models/index.ts";
import { trainAdapter, type TrainingSettings } from "../src/training/index.ts";
import { readBanking77, toExample } from "./banking77-data.ts";
import { loraSettings } from "./lora-settings.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";

export interface Sizes {
  /** Training examples of the accuracy row. */
  train: number;
  /** Training examples of the rows that compare int8 with f32. */
  arithmetic: number;
  /** Most questions that are answered. */
  questions: number;
}

const fullSize: Sizes = { train: 9600, arithmetic: 2000, questions: 1500 };

const settings: TrainingSettings = {
  ...loraSettings,
  learning_rate: 1e-3,
  lr_scheduler: "cosine",
  warmup_ratio: 0.05,
};

/**
 * Intents by fine-tuning: exact match of the generated label after one epoch, and int8 against f32. Held out: what is
 * left of train.csv, without questions that repeat or nearly repeat a training question. Takes most of an hour.
 */
export async function run(sizes = fullSize): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), "lorag-banking77-"));
  try {
    const all = shuffle((await readBanking77()).map(toExample), randomStream(settings.seed));
    const many = splitAt(all, sizes.train, sizes.questions);
    const few = splitAt(all, sizes.arithmetic, sizes.questions);

    const full = await tune(join(folder, "full"), many, "int8");
    const int8 = await tune(join(folder, "int8"), few, "int8");
    const f32 = await tune(join(folder, "f32"), few, "f32");
    const floor = tfidfAccuracy(many);
    const points = 100 * Math.abs(int8.accuracy - f32.accuracy);
    return {
      bench: "banking77",
      machine: describeMachine(),
      rows: [
        {
          name: "banking77-exact",
          value: round(full.accuracy),
          unit: `exact match on ${many.heldOut.length} held-out questions; peer: TF-IDF with logistic regression`,
          ours: round(full.accuracy),
          peer: round(floor),
        },
        {
          name: "int8-loss/f32-loss",
          value: round(int8.loss / f32.loss),
          unit: `validation loss after one epoch of ${few.train.length}, lower is better`,
          ours: round(int8.loss),
          peer: round(f32.loss),
        },
        {
          name: "int8-f32-accuracy-points",
          value: round(points),
          unit: `points of exact match on ${few.heldOut.length} questions between the two, lower is better`,
          ours: round(int8.accuracy),
          peer: round(f32.accuracy),
        },
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Split {
  train: Example[];
  heldOut: Example[];
}

function splitAt(all: Example[], count: number, questions: number): Split {
  const train = all.slice(0, count);
  const rest = cleanExamples(all.slice(count)).examples;
  // Leaks are looked for from the other side: it is the held-out question that goes.
  return { train, heldOut: removeLeaks(rest, findLeaks(rest, train)).slice(0, questions) };
}

async function tune(
  folder: string,
  { train, heldOut }: Split,
  arithmetic: "int8" | "f32",
): Promise<{ loss: number; accuracy: number }> {
  const model = await resolveModel("HuggingFaceTB/SmolLM2-135M-Instruct");
  let shown = 0;
  const record = await trainAdapter({
    model,
    train,
    validation: heldOut,
    settings: { ...settings, arithmetic },
    folder: join(folder, "adapter"),
    checkpoints: join(folder, "checkpoints"),
    checkpointSeconds: 600,
    onStep: ({ step, steps, train: loss, seconds }) => {
      if (seconds - shown < 30) return;
      shown = seconds;
      console.error(
        `${arithmetic}, ${train.length} examples: step ${step} of ${steps}, loss ${loss?.toFixed(3)}`,
      );
    },
  });
  const generator = await createGenerator({ model, precision: arithmetic });
  await generator.loadAdapter("banking77", record.adapter);
  const right = await Promise.all(
    heldOut.map(async ({ prompt, completion }) => {
      const answer = await generator.generate({
        messages: prompt,
        adapter: "banking77",
        sampling: { maxTokens: 24 },
      });
      return answer.text.trim() === completion;
    }),
  );
  await generator.close();
  return { loss: lastValidation(record), accuracy: right.filter(Boolean).length / heldOut.length };
}

function lastValidation({ losses }: TrainingRecord): number {
  return losses.findLast(({ validation }) => validation !== null)!.validation!;
}

function tfidfAccuracy({ train, heldOut }: Split): number {
  const textOf = ({ prompt }: Example): string => prompt.at(-1)!.content;
  const labels = [...new Set(train.map(({ completion }) => completion))];
  const vectoriser = fitTfidf(train.map(textOf));
  const classify = fitLogisticRegression(
    train.map((example) => vectoriser.transform(textOf(example))),
    train.map(({ completion }) => labels.indexOf(completion)),
    labels.length,
    vectoriser.size,
  );
  const right = heldOut.filter(
    (example) => labels[classify(vectoriser.transform(textOf(example)))] === example.completion,
  );
  return right.length / heldOut.length;
}
