/** Our side of `npm run bench -- head`, in a worker as in the product. It gets what bench/peers/train_head.py gets. */
import { join } from "node:path";
import { fitTexts, openModel, openTextModel, resolveModel } from "../src/models/index.ts";
import { cacheFolder, serveWorker, type Emit } from "../src/platform/index.ts";
import { openHeadTrainable } from "../src/training/head-trainable.ts";
import { shapeTexts } from "../src/training/objectives/text-batches.ts";
import type { TrainingSettings } from "../src/training/settings.ts";
import { startState, takeStep } from "../src/training/train-loop.ts";

export interface HeadJob {
  model: string;
  threads: number;
  settings: TrainingSettings;
  labels: number;
  /** First values of the head: weights, then biases. */
  start: number[];
  batches: { texts: number[][]; targets: number[] }[];
}

export interface HeadSideResult {
  seconds: number[];
  losses: number[];
}

const methods = {
  train: async (_emit: Emit<never>, job: HeadJob): Promise<HeadSideResult> => {
    const resolved = await resolveModel(job.model);
    const model = await openModel(resolved);
    const textModel = await openTextModel(model, resolved);
    const folder = join(cacheFolder(), "compiled", model.fingerprint.slice(0, 16));
    const backbone = await textModel.compile(folder, "f32");
    model.weights.close();
    const texts = job.batches.flatMap((batch) => batch.texts.map((ids) => Int32Array.from(ids)));
    const shape = shapeTexts(
      texts.map((ids, place) => ({ id: String(place), ids })),
      job.batches[0]!.texts.length,
    );
    // The batches are as the peer has them: rows for the fullest.
    const lengths = job.batches.map(({ texts }) => texts.map((ids) => ids.length));
    while (!lengths.every((each) => fitTexts(each, shape))) shape.batch++;
    const { lora_r: rank, lora_alpha: alpha } = job.settings;
    const trainable = openHeadTrainable({
      folder,
      threads: job.threads,
      backbone,
      shape,
      head: {
        problem: "single_label_classification",
        outputs: job.labels,
        inputs: textModel.hiddenSize,
        bias: true,
      },
      tuning: { rank, alpha, dropout: 0, targets: "all-linear" },
      texts,
      targets: job.batches.flatMap(({ targets }) => targets.map((target) => [target])),
      pooling: textModel.pooling,
      settings: job.settings,
      start: Float32Array.from(job.start),
    });
    const state = startState(trainable);
    const result: HeadSideResult = { seconds: [], losses: [] };
    let first = 0;
    for (const { texts, targets } of job.batches) {
      const members = targets.map((_, place) => first + place);
      first += targets.length;
      const tokens = texts.reduce((sum, ids) => sum + ids.length, 0);
      const batch = { members, exampleIds: members.map(String), count: members.length, tokens };
      const began = performance.now();
      const { loss } = await takeStep(state, [batch], job.batches.length, trainable, job.settings);
      result.seconds.push((performance.now() - began) / 1000);
      result.losses.push(loss);
    }
    await trainable.close();
    return result;
  },
};
export type HeadSideMethods = typeof methods;
serveWorker(methods);
