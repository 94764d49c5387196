import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import recording from "../../test/golden/tuning.json" with { type: "json" };
import { compileDecoder, parseDecoderConfig } from "../models/index.ts";
import { goldenDecoders } from "../models/decoder/golden-decoders.case.ts";
import { formula, goldenWeights } from "../models/golden-weights.case.ts";
import { openDecoderTrainable } from "./decoder-trainable.ts";
import { allBatches } from "./batches.ts";
import { packedBatches } from "./objectives/pack.ts";
import { startState, takeStep } from "./train-loop.ts";
import { tinySettings } from "./tiny-llama.case.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-tuning-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Recorded by test/golden/tuning.py. */
const variants = {
  lora: {},
  rslora: { peft_use_rslora: true },
  layers: { peft_layers_to_transform: [1] },
  loraplus: { loraplus_lr_ratio: 8 },
};

test.each(Object.entries(variants))("%s: the losses of AdamW steps are PEFT's", async (name, keys) => {
  const golden = goldenDecoders["llama"]!;
  const { tensors, losses } = recording.variants[name as keyof typeof variants];
  const config = parseDecoderConfig(golden.config);
  const weights = await compileDecoder(folder, config, goldenWeights(golden.tensors), "f32");
  const settings = {
    ...tinySettings,
    ...keys,
    lora_r: recording.rank,
    lora_alpha: recording.alpha,
    lora_target_modules: "all-linear" as const,
    learning_rate: recording.rate,
    lr_scheduler: "constant" as const,
    warmup_ratio: 0,
    max_grad_norm: 0,
  };
  const length = golden.ids.length;
  const shape = { batch: 1, length, scored: length };
  const model = await openDecoderTrainable(folder, config, weights, shape, settings, 1);
  const state = startState(model);
  expect(model.layout.tensors.map((tensor) => tensor.name)).toEqual(tensors);
  for (const [place, { shape, offset }] of model.layout.tensors.entries())
    state.arrays.weights.set(formula(shape[0]! * shape[1]!, 1000 + place), offset);
  const example = { id: "a", ids: Int32Array.from(golden.ids), completionStart: golden.completionStart };
  const batches = allBatches(packedBatches([example], shape));
  for (const [step, expected] of losses.entries()) {
    const { loss } = await takeStep(state, batches, losses.length, model, settings);
    expect(Math.abs(loss / expected - 1), `step ${step}`).toBeLessThan(0.005);
  }
  await model.close();
});
