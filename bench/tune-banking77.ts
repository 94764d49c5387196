import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Example, TrainingRecord } from "../src/contracts/index.ts";
import { cleanExamples, findLeaks, removeLeaks } from "../src/data/index.ts";
import { randomStream, shuffle } from "../src/random/index.ts";
import { createLocalModel } from "../src/inference/index.ts";
import { resolveModel } from "../src/models/index.ts";
import { trainAdapter, type StepReport, type TrainingSettings } from "../src/training/index.ts";
import { readBanking77, toExample } from "./banking77-data.ts";
import { loraSettings } from "./lora-settings.ts";

const settings: TrainingSettings = {
  ...loraSettings,
  learning_rate: 1e-3,
  lr_scheduler: "cosine",
  warmup_ratio: 0.05,
};

export interface Split {
  train: Example[];
  /** What the weights are chosen by; the held-out ones by default, where there is nothing to choose. */
  validation?: Example[];
  heldOut: Example[];
}

/** Training examples, and questions held out of them: without those that repeat or nearly repeat a training question. */
export async function splitBanking77(count: number, questions: number): Promise<Split> {
  const all = shuffle((await readBanking77()).map(toExample), randomStream(settings.seed));
  const train = all.slice(0, count);
  const rest = cleanExamples(all.slice(count)).examples;
  // Leaks are looked for from the other side: it is the held-out question that goes.
  return { train, heldOut: removeLeaks(rest, findLeaks(rest, train)).slice(0, questions) };
}

export interface Tuned {
  /** On the validation examples, nats per token of the label. */
  loss: number;
  /** Share of the questions whose label is generated exactly. */
  accuracy: number;
}

/** One epoch on the training examples by default, then every question asked. */
export async function tuneBanking77(
  { train, validation, heldOut }: Split,
  arithmetic: "int8" | "f32",
  seed = settings.seed,
  num_epochs = settings.num_epochs,
): Promise<Tuned> {
  const folder = await mkdtemp(join(tmpdir(), "lorag-banking77-"));
  try {
    const model = await resolveModel("HuggingFaceTB/SmolLM2-135M-Instruct");
    const record = await trainAdapter({
      model,
      train,
      validation: validation ?? heldOut,
      settings: { ...settings, arithmetic, seed, num_epochs },
      folder: join(folder, "adapter"),
      checkpoints: join(folder, "checkpoints"),
      checkpointSeconds: 600,
      onStep: sayEvery(30, `${arithmetic}, seed ${seed}, ${train.length} examples`),
    });
    const generator = await createLocalModel({ model, arithmetic });
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
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function sayEvery(seconds: number, what: string): (report: StepReport) => void {
  let said = 0;
  return (report) => {
    if (report.seconds - said < seconds) return;
    said = report.seconds;
    console.error(`${what}: step ${report.step} of ${report.steps}, loss ${report.train?.toFixed(3)}`);
  };
}

function lastValidation({ losses }: TrainingRecord): number {
  return losses.findLast(({ validation }) => validation !== null)!.validation!;
}
