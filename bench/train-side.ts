/**
 * Our side of `npm run bench -- train`, in a worker as in the product: a process whose peak memory is its own. It gets
 * the job that bench/peers/train_peft.py gets, and returns the same.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileDecoder, openModel, parseDecoderConfig, resolveModel } from "../src/models/index.ts";
import { cacheFolder, makeFolder, serveWorker, type Emit } from "../src/platform/index.ts";
import { openDecoderTrainable } from "../src/training/decoder-trainable.ts";
import { decoderMethod } from "../src/training/methods/decoder-method.ts";
import type { PackedBatch } from "../src/training/objectives/pack.ts";
import type { TrainingSettings } from "../src/training/settings.ts";
import { startState, takeStep } from "../src/training/train-loop.ts";

export interface TrainJob {
  model: string;
  settings: TrainingSettings;
  threads: number;
  /** Rows padded alike; label -100 is not scored. */
  batches: { ids: number[][]; labels: number[][] }[];
}

export interface SideResult {
  seconds: number[];
  losses: number[];
  /** Peak resident bytes. */
  rss: number;
}

const methods = {
  train: async (_emit: Emit<never>, job: TrainJob): Promise<SideResult> => {
    const resolved = await resolveModel(job.model);
    const model = await openModel(resolved);
    const folder = join(cacheFolder(), "compiled", model.fingerprint.slice(0, 16));
    await makeFolder(folder);
    const config = parseDecoderConfig(model.config);
    const weights = await compileDecoder(folder, config, model.weights, job.settings.arithmetic);
    const method = decoderMethod(job.settings, model, resolved, config);

    const batches = job.batches.map(toBatch);
    const shape = {
      batch: job.batches[0]!.ids.length,
      length: job.batches[0]!.ids[0]!.length,
      scored: Math.max(...batches.map(({ scored }) => scored.length)),
    };
    const trainable = await openDecoderTrainable(
      folder,
      config,
      weights,
      shape,
      job.settings,
      job.threads,
      method,
    );
    model.weights.close();
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
    return { seconds, losses, rss: Number(peak?.[1]) * 1024 };
  },
};
export type TrainSideMethods = typeof methods;
serveWorker(methods);

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
    owners: new Int32Array(places.length),
    count: places.length,
    exampleIds: [],
    tokens: ids.length * length,
  };
}
