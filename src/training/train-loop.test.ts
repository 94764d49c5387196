import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import {
  compileDecoder,
  openModel,
  parseDecoderConfig,
  resolveModel,
  type BatchShape,
} from "../models/index.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { encodeExamples, type EncodedExample } from "./objectives/encode.ts";
import { openDecoderTrainable, type DecoderTrainable } from "./decoder-trainable.ts";
import { shapeFor } from "./objectives/batch-shape.ts";
import { encodeOptions } from "./objectives/model-encoding.ts";
import { allBatches } from "./batches.ts";
import {
  fillBatch,
  packedBatches,
  planBatches,
  type BatchPlan,
  type PackedBatch,
} from "./objectives/pack.ts";
import type { TrainingSettings } from "./settings.ts";
import { colourExamples, tinySettings, writeTinyLlama } from "./tiny-llama.case.ts";
import { evaluateAll } from "./evaluate-all.ts";
import { bestParameters, trainLoop, type LoopOptions, type StepReport } from "./train-loop.ts";

let model: DecoderTrainable;
let examples: { train: EncodedExample[]; validation: EncodedExample[]; shape: BatchShape };

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "lorag-loop-"));
  await writeTinyLlama(join(folder, "model"));
  const opened = await openModel(await resolveModel(join(folder, "model")));
  const encode = (count: number, seed: number) =>
    encodeExamples(colourExamples(count, seed), encodeOptions(opened), 64).examples;
  const [train, validation] = [encode(24, 1), encode(6, 2)];
  const shape = shapeFor([...train, ...validation], 2, 64);
  examples = { train, validation, shape };
  const config = parseDecoderConfig(opened.config);
  const weights = await compileDecoder(folder, config, opened.weights, "f32");
  model = await openDecoderTrainable(folder, config, weights, shape, tinySettings, 1);
});

type Options = LoopOptions<PackedBatch>;

async function train(settings: Partial<TrainingSettings>, changed: Partial<Options> = {}) {
  const reports: StepReport[] = [];
  const saved: Checkpoint[] = [];
  const faults: string[] = [];
  const outcome = await trainLoop({
    model,
    train: packedBatches(examples.train, examples.shape),
    validation: packedBatches(examples.validation, examples.shape),
    settings: { ...tinySettings, ...settings },
    checkpointSeconds: 1000,
    resume: undefined,
    save: async (state) => void saved.push(structuredClone(state)),
    restore: async () => structuredClone(saved.at(-1)),
    onFault: async (message) => void faults.push(message),
    onStep: async (report) => void reports.push(report),
    isStopped: async () => false,
    ...changed,
  });
  return { ...outcome, reports, saved, faults };
}

test("it learns: the loss falls, and the adapter of the best validation is kept", async () => {
  const { state, finished, saved, reports } = await train({});
  expect(finished).toBe(true);
  const validations = state.curve.flatMap(({ validation }) => (validation === null ? [] : [validation]));
  expect(validations).toHaveLength(4);
  expect(state.best!.validation).toBe(Math.min(...validations));
  expect(state.best!.validation).toBeLessThan(validations[0]! * 0.4);
  expect(saved.map(({ step }) => step)).toEqual(
    state.curve.filter(({ step, validation }) => step > 0 && validation !== null).map(({ step }) => step),
  );
  expect(bestParameters(state)).toEqual(saved.find(({ step }) => step === state.best!.step)!.arrays.weights);
  expect(reports.at(-1)).toMatchObject({ step: state.step, steps: state.step, epoch: 3 });
});

test("accumulation gives the gradient of one big batch: its loss is the mean over all tokens", async () => {
  const { reports } = await train(
    { gradient_accumulation_steps: 1000, num_epochs: 1, max_grad_norm: 0 },
    { validation: () => [] },
  );
  expect(reports).toHaveLength(1);
  const alone = allBatches(packedBatches(examples.train, { ...examples.shape, batch: 1 }));
  let gradient = new Float32Array(model.layout.size);
  const scored = alone.reduce((sum, batch) => sum + batch.scored.length, 0);
  for (const batch of alone) {
    const part = await model.gradient(batch, model.initialParameters, { scale: 1 / scored, dropout: [] });
    gradient = gradient.map((value, i) => value + part.gradient[i]!);
  }
  expect(reports[0]!.gradientNorm).toBeCloseTo(Math.hypot(...gradient), 4);
  expect(reports[0]!.train).toBeCloseTo((await evaluateAll(model, alone, model.initialParameters)).loss, 4);
});

test("early stopping ends after the given number of validations without improvement", async () => {
  // Learns until it has 3 nats a token, and not beyond.
  const evaluate: DecoderTrainable["evaluate"] = async (batch, adapter) => ({
    loss: Math.max((await model.evaluate(batch, adapter)).loss, 3 * batch.scored.length),
  });
  const { state, finished } = await train(
    { num_epochs: 20, early_stopping_patience: 2 },
    { model: { ...model, evaluate } },
  );
  const validations = state.curve.filter(({ validation }) => validation !== null);
  expect(finished).toBe(true);
  expect(state.sinceBest).toBe(2);
  expect(validations.length).toBeGreaterThan(3);
  expect(validations.at(-3)!.step).toBe(state.best!.step);
});

test("a stop takes effect after the step under way, with a checkpoint, from which the end is the same", async () => {
  const whole = await train({ lora_dropout: 0 });
  const stopped = await train({}, { isStopped: async () => true });
  expect(stopped.finished).toBe(false);
  expect(stopped.saved.map(({ step }) => step)).toEqual([1]);
  const resumed = await train({}, { resume: stopped.saved[0] });
  expect(resumed.reports[0]!.step).toBe(2);
  expect(resumed.state.arrays).toEqual(whole.state.arrays);
});

test("a loss that is no number stops training and names the step and its examples", async () => {
  const wild = { learning_rate: 1e30, lr_scheduler: "constant", warmup_ratio: 0, max_grad_norm: 0 } as const;
  await expect(train(wild)).rejects.toMatchObject({
    code: "LORAG_LOSS_NOT_FINITE",
    message: expect.stringMatching(
      /^Training stopped after 1 step: the loss became NaN, on the examples c1-\d+/,
    ),
  });
});

const withGradient = (change: (loss: number, gradient: Float32Array) => [number, Float32Array]) => ({
  ...model,
  gradient: async (...args: Parameters<DecoderTrainable["gradient"]>) => {
    const part = await model.gradient(...args);
    const [loss, gradient] = change(part.loss, part.gradient.slice());
    return { loss, gradient };
  },
});

test("a step that goes wrong once is skipped; a second one takes training back to its checkpoint at half the rate", async () => {
  const spoilt = (which: number[]) => {
    let calls = 0;
    return withGradient((loss, gradient) => [which.includes(++calls) ? Number.NaN : loss, gradient]);
  };
  const whole = await train({});
  const once = await train({}, { model: spoilt([3]) });
  expect(once.finished).toBe(true);
  expect(once.state).toMatchObject({ step: whole.state.step, faults: 1, rate: 1 });
  expect(once.state.curve.find(({ step }) => step === 3)).toEqual({ step: 3, train: null, validation: null });
  expect(once.faults).toEqual([
    expect.stringMatching(/^The step was skipped after 2 steps: the loss became NaN/),
  ]);

  const perEpoch = whole.state.step / 3;
  const twice = await train({}, { model: spoilt([3, perEpoch + 2]) });
  expect(twice.finished).toBe(true);
  expect(twice.state).toMatchObject({ step: whole.state.step, faults: 2, rate: 0.5 });
  expect(twice.faults[1]).toContain(`training went back to step ${perEpoch} and goes on at 0.5 times`);
  // The rest is trained at half the rate, and every step of the curve is there once.
  expect(twice.reports.at(-1)!.learningRate).toBeCloseTo(whole.reports.at(-1)!.learningRate / 2, 12);
  expect(twice.state.curve.map(({ step }) => step)).toEqual(whole.state.curve.map(({ step }) => step));
});

test("so do a gradient that is no number and a loss that explodes", async () => {
  const broken = [
    {
      model: withGradient((loss, gradient) => [loss, gradient.fill(Number.NaN, 3, 4)]),
      code: "LORAG_LOSS_NOT_FINITE",
      says: /^Training stopped after 0 steps: the gradient's norm became NaN, on the examples c1-\d+/,
    },
    {
      model: withGradient((loss, gradient) => [loss + 20, gradient]),
      code: "LORAG_LOSS_EXPLODED",
      says: /^Training stopped after 0 steps: the loss rose to \d+(\.\d+)?, above the [\d.]+ of the untrained model and the [\d.]+ of guessing, on the examples c1-\d+/,
    },
  ];
  for (const { model, code, says } of broken) {
    await expect(train({}, { model })).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
  }
});

test("so does a loss that had fallen and is back at twice its best, and above guessing", async () => {
  let calls = 0;
  const model = withGradient((loss, gradient) => [++calls > 12 ? 7.123456 : loss, gradient]);
  await expect(train({}, { model })).rejects.toMatchObject({
    code: "LORAG_LOSS_EXPLODED",
    message: expect.stringMatching(/^Training stopped after \d+ steps: the loss rose to 7\.123, above /),
  });
});

test("of a validation, its own loss is told, and no gradient, of which it takes none", async () => {
  for (const [added, code, says] of [
    [Number.NaN, "LORAG_LOSS_NOT_FINITE", /the validation loss became NaN, on the examples c2-\d+/],
    [500, "LORAG_LOSS_EXPLODED", /the validation loss rose to \d+/],
  ] as const) {
    let validated = 0;
    // The first validation is of the untrained model.
    const evaluate: DecoderTrainable["evaluate"] = async (batch, adapter) => ({
      loss:
        (await model.evaluate(batch, adapter)).loss +
        (adapter !== model.initialParameters && validated++ > 0 ? added : 0),
    });
    const failure = await train({}, { model: { ...model, evaluate } }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, message: expect.stringMatching(says) });
    expect((failure as Error).message).not.toContain("gradient");
  }
});

test("an example that is unlikely to the untrained model is trained on all the same", async () => {
  const unlikely = 9; // above guessing (ln 75) and above twice the loss of the other batches
  let calls = 0;
  const odd = withGradient((loss, gradient) => [++calls === 12 ? unlikely : loss, gradient]);
  const train12 = train(
    {},
    {
      model: {
        ...odd,
        evaluate: async ({ scored }) => ({ loss: (calls === 12 ? unlikely : 4) * scored.length }),
      },
    },
  );
  expect((await train12).finished).toBe(true);
});

test.each([Number.NaN, Infinity])("so does a validation loss of %f before the first step", async (loss) => {
  const broken = { ...model, evaluate: async () => ({ loss }) };
  await expect(train({}, { model: broken })).rejects.toMatchObject({
    code: "LORAG_LOSS_NOT_FINITE",
    message: expect.stringMatching(
      new RegExp(
        `^Training stopped after 0 steps: the validation loss became ${loss}, on the examples c2-\\d+`,
      ),
    ),
  });
});

test("sequences that share their beginning have the loss and gradient that each has alone", async () => {
  const { train, shape } = examples;
  const adapter = model.initialParameters.map((value, i) => value + 0.05 * Math.sin(i));
  const total = async (plans: BatchPlan[]) => {
    const batches = plans.map((plan) => fillBatch(plan, train, shape));
    let loss = 0;
    const gradient = new Float64Array(adapter.length);
    for (const batch of batches) {
      const part = await model.gradient(batch, adapter, { scale: 0.01, dropout: [] });
      loss += part.loss;
      for (const [i, value] of part.gradient.entries()) gradient[i]! += value;
    }
    return { loss, gradient, tokens: batches.reduce((sum, { tokens }) => sum + tokens, 0) };
  };
  const packed = await total(planBatches(train, shape, [1]));
  const alone = await total(train.map((_, index) => [[index]]));
  expect(packed.tokens).toBeLessThan(0.7 * alone.tokens);
  expect(packed.loss).toBeCloseTo(alone.loss, 4);
  const length = Math.hypot(...alone.gradient);
  expect(Math.hypot(...alone.gradient.map((value, i) => value - packed.gradient[i]!)) / length).toBeLessThan(
    1e-4,
  );
});
