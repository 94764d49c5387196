import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import recording from "../../test/golden/methods.json" with { type: "json" };
import { goldenDecoders, type GoldenDecoder } from "../models/decoder/golden-decoders.case.ts";
import { formula, goldenWeights } from "../models/golden-weights.case.ts";
import { compileDecoder, parseDecoderConfig, type BatchShape, type ResolvedModel } from "../models/index.ts";
import { allBatches, type Batches } from "./batches.ts";
import {
  openDecoderTrainable,
  type DecoderTrainable,
  type DecoderTrainableOptions,
} from "./decoder-trainable.ts";
import { decoderMethod } from "./methods/decoder-method.ts";
import { fillBatch, packedBatches, type PackedBatch } from "./objectives/pack.ts";
import { openPreferenceTrainable } from "./preference-trainable.ts";
import type { TrainingSettings } from "./settings.ts";
import { tinySettings } from "./tiny-llama.case.ts";
import { startState, takeStep } from "./train-loop.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-methods-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function optionsFor(
  name: string,
  golden: GoldenDecoder,
  shape: BatchShape,
  keys: Partial<TrainingSettings>,
): Promise<DecoderTrainableOptions> {
  const config = parseDecoderConfig(golden.config);
  const source = goldenWeights(golden.tensors);
  const home = join(folder, name.replaceAll(/\W+/g, "-"));
  const settings: TrainingSettings = {
    ...tinySettings,
    lora_r: recording.rank,
    lora_alpha: recording.alpha,
    lora_target_modules: "all-linear",
    rl_beta: recording.beta,
    learning_rate: recording.rate,
    lr_scheduler: "constant",
    warmup_ratio: 0,
    max_grad_norm: 0,
    ...keys,
  };
  const weights = await compileDecoder(home, config, source, "f32");
  const model = { weights: source } as Parameters<typeof decoderMethod>[1];
  const method = decoderMethod(settings, model, {} as ResolvedModel, config);
  return { folder: home, config, weights, shape, settings, threads: 1, method };
}

async function expectLosses(
  model: DecoderTrainable,
  batches: Batches<PackedBatch>,
  settings: TrainingSettings,
  names: readonly string[],
  losses: readonly number[],
): Promise<void> {
  const state = startState(model);
  for (const [place, name] of names.entries()) {
    const { shape, offset } = model.layout.tensors.find((tensor) => tensor.name === name)!;
    state.arrays.weights.set(
      formula(
        shape.reduce((a, b) => a * b, 1),
        1000 + place,
      ),
      offset,
    );
  }
  for (const [step, expected] of losses.entries()) {
    const { loss } = await takeStep(state, allBatches(batches), losses.length, model, settings);
    expect(Math.abs(loss - expected), `step ${step}`).toBeLessThan(0.005 * Math.max(expected, 0.02));
  }
  await model.close();
}

/** Recorded by test/golden/methods.py. */
describe.each(Object.entries(recording.models))("%s, against transformers and PEFT", (name, recorded) => {
  const golden = goldenDecoders[name]!;
  const example = {
    id: "a",
    ids: Int32Array.from(golden.ids),
    completionStart: golden.completionStart,
  };
  const shape = { batch: 1, length: golden.ids.length, scored: golden.ids.length };

  test.each([
    ["dora", { method: "dora" }],
    ["full", { method: "full", learning_rate: recording.fullRate }],
    ["last", { method: "full", learning_rate: recording.fullRate, freeze_trainable_layers: 1 }],
  ] as const)("%s: losses of AdamW steps", async (kind, keys) => {
    const options = await optionsFor(name, golden, shape, keys);
    const { config, weights, settings, threads, method } = options;
    const model = await openDecoderTrainable(
      options.folder,
      config,
      weights,
      shape,
      settings,
      threads,
      method,
    );
    const names = kind === "dora" ? recorded.tensors : [];
    await expectLosses(model, packedBatches([example], shape), settings, names, recorded[kind]);
  });

  // The formula is the same on every model.
  const smoothed = [["dpo, smoothed", recorded.smoothed, recording.smoothing] as const];
  test.each([["dpo", recorded.dpo.losses, 0] as const, ...(name === "llama" ? smoothed : [])])(
    "%s: losses of AdamW steps",
    async (_, losses, label_smoothing_factor) => {
      const { chosen, rejected } = recorded.dpo;
      const [better, worse] = [chosen, rejected].map((ids, place) => ({
        id: place === 0 ? "a" : "a (rejected)",
        ids: Int32Array.from(ids),
        completionStart: golden.completionStart,
      })) as [typeof example, typeof example];
      const wide = {
        batch: 1,
        length: chosen.length + rejected.length,
        scored: chosen.length + rejected.length,
      };
      const options = await optionsFor(name, golden, wide, { rl: "dpo", label_smoothing_factor });
      const model = openPreferenceTrainable({
        ...options,
        pairs: 2,
        worseMark: " (rejected)",
      });
      const batch = { ...fillBatch([[0, 1]], [better, worse], wide), count: 1 };
      await expectLosses(model, () => [() => batch], options.settings, recorded.tensors, losses);
    },
  );
});
