/** A training run in a process of its own, to be killed by tests: node --import tsx train-child.case.ts FOLDER. */
import { join } from "node:path";
import { resolveModel } from "../models/index.ts";
import { trainAdapter } from "./train-adapter.ts";
import { colourExamples, tinySettings } from "./tiny-llama.case.ts";

const folder = process.argv[2]!;
await trainAdapter({
  model: await resolveModel(join(folder, "..", "model")),
  // Enough steps that several kills, each a few steps and 60 ms after the start, come before the end.
  train: colourExamples(120, 1),
  validation: colourExamples(4, 2),
  settings: { ...tinySettings, lora_dropout: 0.1, gradient_accumulation_steps: 2, evals_per_epoch: 3 },
  folder: join(folder, "adapter"),
  checkpoints: join(folder, "checkpoints"),
  checkpointSeconds: 0,
  threads: 1,
  onStep: ({ step }) => console.log(`step ${step}`),
});
