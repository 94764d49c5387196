import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll } from "vitest";
import { resolveModel } from "../../models/index.ts";
import { colourExamples, tinySettings, writeTinyLlama } from "../tiny-llama.case.ts";
import { createLocalTrainer } from "./local-trainer.ts";
import { describeTrainer } from "./trainer.case.ts";
import type { Trainer } from "./trainer.ts";

let folder: string;
let trainer: Trainer;
const firstSteps = new Map<string, number>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-local-"));
  process.env["LORAG_HOME"] = join(folder, "cache");
  await writeTinyLlama(join(folder, "model"));
  trainer = createLocalTrainer(await resolveModel(join(folder, "model")));
});

describeTrainer("local", () => ({
  trainer: {
    // Counts the first steps that are taken.
    train: (job, events = {}) =>
      trainer.train(job, {
        ...events,
        onStep: (step) => {
          if (step.step === 1) firstSteps.set(job.folder, (firstSteps.get(job.folder) ?? 0) + 1);
          events.onStep?.(step);
        },
      }),
  },
  job: (name) => ({
    train: colourExamples(12, 1),
    validation: colourExamples(4, 2),
    settings: { ...tinySettings, num_epochs: name === "left" ? 60 : 1 },
    folder: join(folder, name, "adapter"),
    checkpoints: join(folder, name, "checkpoints"),
  }),
  begun: (name) => firstSteps.get(join(folder, name, "adapter")) ?? 0,
}));
