import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import recording from "../../test/golden/trainer.json" with { type: "json" };
import { compileDecoder, parseDecoderConfig, type ResolvedModel } from "../models/index.ts";
import { goldenDecoders } from "../models/decoder/golden-decoders.case.ts";
import { goldenWeights } from "../models/golden-weights.case.ts";
import { openDecoderTrainable } from "./decoder-trainable.ts";
import { decoderMethod } from "./methods/decoder-method.ts";
import { fillBatch } from "./objectives/pack.ts";
import { tinySettings } from "./tiny-llama.case.ts";
import { startState, takeStep } from "./train-loop.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-whole-run-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Recorded by test/golden/trainer.py. */
test.each(Object.entries(recording.variants))(
  "%s: the losses of 20 steps on all weights are those of transformers' Trainer to 1e-4",
  async (name, variant) => {
    const golden = goldenDecoders[recording.name]!;
    const config = parseDecoderConfig(golden.config);
    const source = goldenWeights(golden.tensors);
    const home = join(folder, name);
    const settings = {
      ...tinySettings,
      method: "full" as const,
      learning_rate: recording.rate,
      lr_scheduler: "cosine" as const,
      warmup_ratio: recording.warmup / recording.steps,
      weight_decay: recording.decay,
      max_grad_norm: variant.max_grad_norm,
      label_smoothing_factor: "label_smoothing_factor" in variant ? variant.label_smoothing_factor : 0,
    };
    const weights = await compileDecoder(home, config, source, "f32");
    const model = { weights: source } as Parameters<typeof decoderMethod>[1];
    const method = decoderMethod(settings, model, {} as ResolvedModel, config);
    const shape = { batch: 2, length: 24, scored: 32 };
    const trainable = await openDecoderTrainable(home, config, weights, shape, settings, 1, method);
    const examples = recording.examples.map(({ ids, start }, place) => ({
      id: `e${place}`,
      ids: Int32Array.from(ids),
      completionStart: start,
    }));
    const batches = [0, 2, 4].map((first) => fillBatch([[first], [first + 1]], examples, shape));
    const state = startState(trainable);
    for (const [step, expected] of variant.losses.entries()) {
      const members =
        variant.gradient_accumulation_steps === batches.length ? batches : [batches[step % batches.length]!];
      const { loss } = await takeStep(state, members, recording.steps, trainable, settings);
      expect(Math.abs(loss / expected - 1), `step ${step}`).toBeLessThan(1e-4);
    }
    for (const [place, expected] of variant.end.entries()) {
      const batch = fillBatch([[place]], examples, shape);
      const loss = (await trainable.evaluate(batch, state.arrays.weights)).loss / batch.count;
      expect(Math.abs(loss / expected - 1), `example ${place}`).toBeLessThan(1e-4);
    }
    await trainable.close();
  },
);
