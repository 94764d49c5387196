import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import recording from "../../test/golden/heads.json" with { type: "json" };
import type { ProblemType } from "../contracts/index.ts";
import { decoderBackbone } from "../models/decoder/backbone.ts";
import { encoderBackbone } from "../models/encoder/backbone.ts";
import { compileDecoder, compileEncoder, parseDecoderConfig, parseEncoderConfig } from "../models/index.ts";
import { formula, goldenWeights, type GoldenTensors } from "../models/golden-weights.case.ts";
import { openHeadTrainable } from "./head-trainable.ts";
import { shapeTexts, textBatches } from "./objectives/text-batches.ts";
import { tinySettings } from "./tiny-llama.case.ts";
import { evaluateAll } from "./evaluate-all.ts";
import { startState, takeStep } from "./train-loop.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-heads-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function openBackbone(kind: string, json: Record<string, unknown>, tensors: GoldenTensors) {
  const source = goldenWeights(tensors);
  const home = join(folder, kind);
  if (kind === "llama") {
    // A checkpoint for classification has no output layer.
    const config = parseDecoderConfig({ ...json, tie_word_embeddings: true });
    return decoderBackbone(config, await compileDecoder(home, config, source, "f32"), "f32");
  }
  const config = parseEncoderConfig(json);
  return encoderBackbone(config, await compileEncoder(home, config, source, "f32"));
}

/** Recorded by test/golden/heads.py. */
test.each(
  recording.rows.map(
    (row) => [`${row.kind}, ${row.problem}, ${row.tuned ? "LoRA" : "frozen"}`, row] as const,
  ),
)("%s: the losses of AdamW steps are those of transformers and PEFT", async (_, row) => {
  const backbone = await openBackbone(row.kind, row.config, row.tensors as unknown as GoldenTensors);
  const { rate, rank, alpha, labels } = recording;
  const problem = row.problem as ProblemType;
  const texts = recording.texts.map((ids, place) => ({ id: `t${place}`, ids: Int32Array.from(ids) }));
  const golds = recording.golds[problem].map((gold) => [gold].flat());
  const shape = shapeTexts(texts, texts.length);
  const head = {
    problem,
    outputs: problem === "regression" ? 1 : labels,
    inputs: backbone.hiddenSize,
    bias: row.kind !== "llama",
  };
  const settings = {
    ...tinySettings,
    learning_rate: rate,
    lr_scheduler: "constant" as const,
    warmup_ratio: 0,
    max_grad_norm: 0,
  };
  const model = openHeadTrainable({
    folder: join(folder, row.kind),
    threads: 1,
    backbone,
    shape,
    head,
    tuning: row.tuned ? { rank, alpha, dropout: 0, targets: "all-linear" } : undefined,
    texts: texts.map(({ ids }) => ids),
    targets: golds,
    pooling: row.kind === "llama" ? "last" : "mean",
    settings,
  });
  const state = startState(model);
  const tensors = model.layout.tensors.map(({ shape, offset }) => ({
    size: shape.reduce((a, b) => a * b, 1),
    offset,
  }));
  expect(tensors.length).toBe(row.adapter.length + (head.bias ? 2 : 1));
  for (const [place, { size, offset }] of tensors.entries()) {
    const seed = place < row.adapter.length ? 1000 + place : 2000 + place - row.adapter.length;
    state.arrays.weights.set(formula(size, seed), offset);
  }
  const batches = textBatches(
    [...texts.keys()],
    (members) => members.map((number) => texts[number]!),
    shape,
  )([1]).map((fill) => fill());
  for (const [step, expected] of row.losses.entries()) {
    const before = state.arrays.weights.slice();
    const { loss } = await takeStep(state, batches, row.losses.length, model, settings);
    expect(Math.abs(loss / expected - 1), `step ${step}`).toBeLessThan(0.005);
    if (step === 0) expect((await evaluateAll(model, batches, before)).loss).toBeCloseTo(loss, 4);
  }
  await model.close();
});
