/**
 * Our side of `npm run bench -- train`, in a process of its own so that its peak memory is its own. Reads a job as JSON
 * from stdin, as bench/peers/train_peft.py does, and prints the same.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileLlama, openModel, parseLlamaConfig, resolveModel } from "../src/models/index.ts";
import { cacheFolder, makeFolder } from "../src/platform/index.ts";
import { openLlamaTrainable } from "../src/training/llama-trainable.ts";
import type { PackedBatch } from "../src/training/pack.ts";
import type { TrainingSettings } from "../src/training/settings.ts";
import { startState, takeStep } from "../src/training/train-loop.ts";

export interface TrainJob {
  model: string;
  settings: TrainingSettings;
  threads: number;
  /** Rows padded alike; label -100 is not scored. */
  batches: { ids: number[][]; labels: number[][] }[];
}

const job = JSON.parse(readFileSync(0, "utf8")) as TrainJob;
const model = await openModel(await resolveModel(job.model));
const folder = join(cacheFolder(), "compiled", model.fingerprint.slice(0, 16));
await makeFolder(folder);
const config = parseLlamaConfig(model.config);
const weights = await compileLlama(folder, config, model.weights, job.settings.arithmetic);
model.weights.close();

const batches = job.batches.map(toBatch);
const shape = {
  batch: job.batches[0]!.ids.length,
  length: job.batches[0]!.ids[0]!.length,
  scored: Math.max(...batches.map(({ scored }) => scored.length)),
};
const trainable = await openLlamaTrainable(folder, config, weights, shape, job.settings, job.threads);
const state = startState(trainable);
const seconds: number[] = [];
const losses: number[] = [];
for (const batch of batches) {
  const began = performance.now();
  const { loss } = await takeStep(state, [batch], batches.length, trainable, job.settings);
  seconds.push((performance.now() - began) / 1000);
  losses.push(loss);
}
const peak = /VmHWM:\s*(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"));
console.log(JSON.stringify({ seconds, losses, rss: Number(peak?.[1]) * 1024 }));
process.exit(0);

/** One example a row, as the peer has them. Labels are the ids themselves, so the target follows its place. */
function toBatch({ ids, labels }: { ids: number[][]; labels: number[][] }): PackedBatch {
  const length = ids[0]!.length;
  const places = labels.flatMap((row, r) =>
    row.flatMap((label, column) => (label < 0 ? [] : [{ place: r * length + column - 1, label }])),
  );
  return {
    ids: Int32Array.from(ids.flat()),
    positions: Int32Array.from(ids.flatMap((row) => [...row.keys()])),
    ends: new Int32Array(ids.length * length).fill(length),
    scored: Int32Array.from(places, ({ place }) => place),
    targets: Int32Array.from(places, ({ label }) => label),
    exampleIds: [],
    tokens: ids.length * length,
  };
}
