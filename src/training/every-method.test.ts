import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import encoders from "../../test/golden/encoders.json" with { type: "json" };
import { decoderArchitectures, encoderArchitectures } from "../models/architectures.ts";
import type { Backbone } from "../models/backbone.ts";
import { decoderBackbone } from "../models/decoder/backbone.ts";
import { goldenDecoders } from "../models/decoder/golden-decoders.case.ts";
import { encoderBackbone } from "../models/encoder/backbone.ts";
import { goldenWeights, type GoldenTensors } from "../models/golden-weights.case.ts";
import {
  compileDecoder,
  compileEncoder,
  parseDecoderConfig,
  parseEncoderConfig,
  type Arithmetic,
  type ResolvedModel,
} from "../models/index.ts";
import type { Batch } from "./batches.ts";
import { openContrastTrainable } from "./contrast-trainable.ts";
import { openDecoderTrainable } from "./decoder-trainable.ts";
import { openHeadTrainable } from "./head-trainable.ts";
import { decoderMethod } from "./methods/decoder-method.ts";
import { fillBatch } from "./objectives/pack.ts";
import { openPreferenceTrainable } from "./preference-trainable.ts";
import type { TrainingSettings } from "./settings.ts";
import { tinySettings } from "./tiny-llama.case.ts";
import { startState, takeStep } from "./train-loop.ts";
import type { Trainable } from "./trainable.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-every-"));
});
afterAll(() => rm(folder, { recursive: true }));

const home = (...parts: string[]) => join(folder, parts.join("-").replaceAll(/\W+/g, "-"));

const base: TrainingSettings = {
  ...tinySettings,
  lora_target_modules: "all-linear",
  learning_rate: 1e-3,
  lr_scheduler: "constant",
  warmup_ratio: 0,
};

/** Two steps on one batch make its loss smaller. */
async function expectToLearn<Kind extends Batch>(
  model: Trainable<Kind>,
  batch: Kind,
  settings: TrainingSettings,
): Promise<void> {
  const state = startState(model);
  const { loss: before } = await model.evaluate(batch, state.arrays.weights);
  for (let step = 0; step < 2; step++) await takeStep(state, [batch], 2, model, settings);
  const { loss: after } = await model.evaluate(batch, state.arrays.weights);
  await model.close();
  expect(after).toBeLessThan(before);
}

/**
 * In int8: in float32 losses are compared with those of peers (methods.test.ts), and whole weights are trained in that alone.
 */
const arithmetic: Arithmetic = "int8";
const methods: Record<string, Partial<TrainingSettings>> = {
  "lora, with rsLoRA and LoRA+": { peft_use_rslora: true, loraplus_lr_ratio: 16 },
  dora: { method: "dora" },
  "dpo with dora": { rl: "dpo", method: "dora" },
};
const [first, second] = [
  [5, 9, 2, 11, 7, 3],
  [5, 9, 2, 4, 8, 6],
].map((ids, place) => ({
  id: place === 0 ? "a" : "a (rejected)",
  ids: Int32Array.from(ids),
  completionStart: 3,
}));
const shape = { batch: 1, length: 12, scored: 8 };

describe.each(decoderArchitectures.map(({ modelType }) => modelType))("%s", (modelType) => {
  const golden = Object.values(goldenDecoders).find(({ config }) => config["model_type"] === modelType)!;
  const config = parseDecoderConfig(golden.config);
  const source = goldenWeights(golden.tensors);
  const compile = () => compileDecoder(home(modelType), config, source, arithmetic);

  test.each(Object.entries(methods))("%s", async (_, keys) => {
    const settings = { ...base, arithmetic, ...keys };
    const method = decoderMethod(
      settings,
      { weights: source } as Parameters<typeof decoderMethod>[1],
      {} as ResolvedModel,
      config,
    );
    const [folder, weights] = [home(modelType), await compile()];
    if (settings.rl === "dpo") {
      const options = { folder, config, weights, shape, settings, threads: 1, method };
      const model = openPreferenceTrainable({ ...options, pairs: 1, worseMark: " (rejected)" });
      const batch = { ...fillBatch([[0, 1]], [first!, second!], shape), count: 1 };
      return expectToLearn(model, batch, settings);
    }
    const model = await openDecoderTrainable(folder, config, weights, shape, settings, 1, method);
    await expectToLearn(model, fillBatch([[0]], [first!], shape), settings);
  });

  test("heads", async () => {
    const backbone = decoderBackbone(config, await compile(), arithmetic);
    await expectHeadsToLearn(home(modelType), backbone, "decoder");
  });
});

describe.each(encoderArchitectures.map(({ modelType }) => modelType))("%s", (modelType) => {
  const golden = Object.values(encoders).find(({ config }) => config.model_type === modelType)!;
  const config = parseEncoderConfig(golden.config);
  const source = goldenWeights(golden.tensors as unknown as GoldenTensors);
  /** Encoders are trained in float32, whatever the arithmetic is. */
  const open = async () =>
    encoderBackbone(config, await compileEncoder(home(modelType), config, source, "f32"));

  test("heads", async () => expectHeadsToLearn(home(modelType), await open(), "encoder"));

  test("embedder", async () => {
    const texts = golden.ids.slice(0, 6).map((id, place) => ({ id: `t${place}`, ids: Int32Array.of(id, 4) }));
    const model = openContrastTrainable({
      folder: home(modelType),
      threads: 1,
      backbone: await open(),
      shape: { batch: 1, length: 12, texts: 6 },
      tuning: { rank: 2, alpha: 4, dropout: 0, targets: "all-linear" },
      triplets: [0, 1].map((place) => ({
        question: texts[place]!,
        passage: texts[2 + place]!,
        negative: texts[4 + place]!,
      })),
      pooling: "mean",
      settings: base,
    });
    await expectToLearn(model, { members: [0, 1], exampleIds: ["t0", "t1"], count: 2, tokens: 12 }, base);
  });
});

async function expectHeadsToLearn(
  folder: string,
  backbone: Backbone,
  kind: "encoder" | "decoder",
): Promise<void> {
  for (const tuned of [false, true]) {
    const model = openHeadTrainable({
      folder,
      threads: 1,
      backbone,
      shape: { batch: 1, length: 12, texts: 2 },
      head: {
        problem: "single_label_classification",
        outputs: 2,
        inputs: backbone.hiddenSize,
        bias: kind === "encoder",
      },
      tuning: tuned ? { rank: 2, alpha: 4, dropout: 0, targets: "all-linear" } : undefined,
      texts: [Int32Array.of(5, 9, 2), Int32Array.of(7, 3, 4, 6)],
      targets: [[0], [1]],
      pooling: kind === "encoder" ? "mean" : "last",
      settings: base,
    });
    await expectToLearn(model, { members: [0, 1], exampleIds: ["a", "b"], count: 2, tokens: 7 }, base);
  }
}
