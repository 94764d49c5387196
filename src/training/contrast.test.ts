import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import recording from "../../test/golden/contrast.json" with { type: "json" };
import { encoderBackbone } from "../models/encoder/backbone.ts";
import { compileEncoder, parseEncoderConfig } from "../models/index.ts";
import { formula, goldenWeights, type GoldenTensors } from "../models/golden-weights.case.ts";
import { openContrastTrainable, tripletTexts, type Triplet } from "./contrast-trainable.ts";
import { evaluateAll } from "./evaluate-all.ts";
import { shapeTexts, textBatches } from "./objectives/text-batches.ts";
import { tinySettings } from "./tiny-llama.case.ts";
import { startState, takeStep } from "./train-loop.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-contrast-"));
});
afterAll(() => rm(folder, { recursive: true }));

const text = (id: string, ids: number[]) => ({ id, ids: Int32Array.from(ids) });
const settings = {
  ...tinySettings,
  learning_rate: recording.rate,
  lr_scheduler: "constant" as const,
  warmup_ratio: 0,
  max_grad_norm: 0,
};

async function open(row: (typeof recording.rows)[number], triplets: Triplet[], pairs: number) {
  const config = parseEncoderConfig(row.config);
  const home = join(folder, row.kind);
  const source = goldenWeights(row.tensors as unknown as GoldenTensors);
  const backbone = encoderBackbone(config, await compileEncoder(home, config, source, "f32"));
  const shape = shapeTexts(
    triplets.flatMap((triplet) => tripletTexts([triplet], 1)),
    3 * pairs,
  );
  const model = openContrastTrainable({
    folder: home,
    threads: 1,
    backbone,
    shape,
    tuning: { rank: recording.rank, alpha: recording.alpha, dropout: 0, targets: "all-linear" },
    triplets,
    pooling: "mean",
    settings,
  });
  const textsOf = (members: readonly number[]) =>
    tripletTexts(
      members.map((number) => triplets[number]!),
      pairs,
    );
  const batches = textBatches([...triplets.keys()], textsOf, shape)([1]).map((fill) => fill());
  const state = startState(model);
  for (const [place, { shape, offset }] of model.layout.tensors.entries())
    state.arrays.weights.set(formula(shape[0]! * shape[1]!, 1000 + place), offset);
  return { model, batches, state };
}

/** Recorded by test/golden/contrast.py. */
test.each(
  recording.rows.map(
    (row) => [`${row.kind}, ${row.parts === 3 ? "hard negatives" : "none but the others'"}`, row] as const,
  ),
)("%s: the losses of AdamW steps are sentence-transformers'", async (_, row) => {
  const triplets = recording.triplets.map(([question, passage, negative], place) => ({
    question: text(`t${place}`, question!),
    passage: text(`t${place}`, passage!),
    negative: text(`t${place}`, row.parts === 3 ? negative! : []),
  }));
  // Two places more than there are triplets: padding counts for nothing.
  const { model, batches, state } = await open(row, triplets, triplets.length + 2);
  expect(model.layout.tensors.map(({ name }) => name)).toEqual(row.adapter);
  expect(batches).toHaveLength(1);
  for (const [step, expected] of row.losses.entries()) {
    const before = state.arrays.weights.slice();
    const { loss } = await takeStep(state, batches, row.losses.length, model, settings);
    expect(Math.abs(loss - expected), `step ${step}`).toBeLessThan(0.005 * Math.max(expected, 0.05));
    if (step === 0) expect((await evaluateAll(model, batches, before)).loss).toBeCloseTo(loss, 4);
  }
  await model.close();
});

test.each(["passage", "question"] as const)("what shares its %s is no wrong answer", async (part) => {
  const row = recording.rows[0]!;
  const [first, second] = recording.triplets.map(([question, passage], place) => ({
    question: text(`t${place}`, question!),
    passage: text(`t${place}`, passage!),
    negative: text(`t${place}`, []),
  })) as [Triplet, Triplet];
  const { model, batches, state } = await open(row, [first, { ...second, [part]: first[part] }], 2);
  expect((await takeStep(state, batches, 1, model, settings)).loss).toBe(0);
  await model.close();
});
