import {
  adamWDefaults,
  clipGlobalNormInPlace,
  globalNorm,
  scheduleFactor,
  updateAdamWInPlace,
} from "../engine/index.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { evaluateAll } from "./evaluate-all.ts";
import { allBatches, type Batch, type Batches } from "./batches.ts";
import { givenUp, isSpoiled, refuseExploded } from "./loss-faults.ts";
import type { TrainingSettings } from "./settings.ts";
import { planSteps, type PlannedStep } from "./steps.ts";
import type { Trainable } from "./trainable.ts";

export interface LoopOptions<Kind extends Batch> {
  model: Trainable<Kind>;
  train: Batches<Kind>;
  validation: Batches<Kind>;
  settings: TrainingSettings;
  /** Longest time between two checkpoints; there is one after each validation, too. */
  checkpointSeconds: number;
  /** Where an earlier run was; a fresh start without it. */
  resume: Checkpoint | undefined;
  save: (checkpoint: Checkpoint) => Promise<void>;
  /** The last checkpoint that was saved, if there is one. */
  restore: () => Promise<Checkpoint | undefined>;
  /** Told what was done about a loss or gradient that went wrong. */
  onFault: (message: string) => Promise<void>;
  onStep: (report: StepReport) => Promise<void>;
  /** Asked after each step: true ends the loop there, with a checkpoint. */
  isStopped: () => Promise<boolean>;
  /** Ends the loop after the first step at which so large a share of the training is done, with a checkpoint. */
  pauseAfter?: number | undefined;
}

export interface StepReport {
  step: number;
  steps: number;
  epoch: number;
  /** Nats per scored token, text or pair over the step's batches; null for the validation before the first step. */
  train: number | null;
  validation: number | null;
  /** On the validation examples: the share that was right, of heads and of preferences; and the latter's margin. */
  accuracy?: number | undefined;
  margin?: number | undefined;
  learningRate: number;
  gradientNorm: number;
  tokens: number;
  /** Of training, over all its runs. */
  seconds: number;
}

/**
 * Trains until the last step, early stopping or a stop. The result depends on the examples, settings and model alone,
 * however often the loop was ended and resumed. Returns the last state; `finished` is false after a stop.
 *
 * A step whose loss or gradient goes wrong is skipped, once; the next one that does takes training back to the last
 * checkpoint, at half the learning rate; the third ends it. Throws LORAG_LOSS_NOT_FINITE and LORAG_LOSS_EXPLODED with the
 * step and its examples.
 */
export async function trainLoop<Kind extends Batch>(
  options: LoopOptions<Kind>,
): Promise<{ state: Checkpoint; finished: boolean }> {
  const { model, train, settings } = options;
  const steps = planSteps(train, settings);
  const validation = allBatches(options.validation);
  const state = options.resume ?? startState(model);
  const clock = startClock(state.seconds);
  let lastSave = clock();
  const save = async (): Promise<void> => {
    await options.save(state);
    lastSave = clock();
  };

  if (state.step === 0 && state.curve.length === 0 && validation.length > 0) {
    await validate(state, null, model, validation);
    await options.onStep({ ...reportOf(state, steps, clock()), learningRate: 0, gradientNorm: 0 });
  }
  const pauseAt = Math.ceil((options.pauseAfter ?? 1) * steps.length);
  while (state.step < pauseAt && !hasStalled(state, settings)) {
    const step = steps[state.step]!;
    const batches = step.batches.map((fill) => fill());
    const at = state.step;
    let taken: { loss: number | null; gradientNorm: number; learningRate: number };
    try {
      const rate = settings.learning_rate * state.rate;
      taken = await takeStep(state, batches, steps.length, model, { ...settings, learning_rate: rate });
      if (step.validate && validation.length > 0) await validate(state, taken.loss, model, validation);
      else state.curve.push({ step: state.step, train: taken.loss, validation: null });
    } catch (error) {
      if (!isSpoiled(error)) throw error;
      if (++state.faults >= mostFaults) throw givenUp(error);
      if (state.faults > 1 || state.step > at) {
        await goBack(state, model, options);
        state.seconds = clock();
        await save();
        continue;
      }
      await options.onFault(`${error.message.replace("Training stopped", "The step was skipped")}.`);
      state.step++;
      taken = { loss: null, gradientNorm: 0, learningRate: 0 };
      if (step.validate && validation.length > 0) await validate(state, null, model, validation);
      else state.curve.push({ step: state.step, train: null, validation: null });
    }
    const { gradientNorm, learningRate } = taken;
    state.seconds = clock();
    const stop = await options.isStopped();
    const pauses = state.step === pauseAt && pauseAt < steps.length;
    await options.onStep({ ...reportOf(state, steps, clock()), learningRate, gradientNorm });
    if (stop || pauses || step.validate || clock() - lastSave >= options.checkpointSeconds) await save();
    if (stop && state.step < steps.length) return { state, finished: false };
  }
  return { state, finished: state.step === steps.length || hasStalled(state, settings) };
}

/** The third ends training. */
const mostFaults = 3;

/** Before the first step, with what was measured there. */
function beforeFirst(model: Pick<Trainable, "initialParameters">, { curve }: Checkpoint): Checkpoint {
  const start = startState(model);
  const first = curve.find(({ step, validation }) => step === 0 && validation !== null);
  if (!first) return start;
  const arrays = { ...start.arrays, bestWeights: start.arrays.weights.slice() };
  return { ...start, curve: [first], best: { step: 0, validation: first.validation! }, arrays };
}

/** To the last checkpoint, or the beginning, at half the learning rate. */
async function goBack<Kind extends Batch>(
  state: Checkpoint,
  model: Trainable<Kind>,
  { restore, onFault }: Pick<LoopOptions<Kind>, "restore" | "onFault">,
): Promise<void> {
  const { faults, rate, step } = state;
  const earlier = (await restore()) ?? beforeFirst(model, state);
  Object.assign(state, earlier, { faults, rate: rate / 2 });
  await onFault(
    `The loss or its gradient went wrong at step ${step + 1}: training went back to step ${state.step} and goes on at ${rate / 2} times the learning rate.`,
  );
}

/** Those to keep: of the best validation, or the last ones where there was no validation. */
export function bestParameters({ best, arrays }: Checkpoint): Float32Array<ArrayBuffer> {
  return best ? arrays.bestWeights : arrays.weights;
}

/**
 * One optimizer step, which changes `state` in place; `steps` is their number in the whole training. The loss is the
 * mean over all that the batches count. Throws LORAG_LOSS_NOT_FINITE and LORAG_LOSS_EXPLODED before anything is changed.
 */
export async function takeStep<Kind extends Batch>(
  state: Checkpoint,
  batches: Kind[],
  steps: number,
  model: Trainable<Kind>,
  settings: TrainingSettings,
): Promise<{ loss: number; gradientNorm: number; learningRate: number }> {
  const { weights, mean, square } = state.arrays;
  const scale = 1 / batches.reduce((sum, batch) => sum + batch.count, 0);
  let loss = 0;
  let gradient: Float32Array | undefined;
  for (const [index, batch] of batches.entries()) {
    const dropout = [settings.seed, state.step, index];
    const part = await model.gradient(batch, weights, { scale, dropout });
    loss += part.loss;
    if (gradient) for (let i = 0; i < gradient.length; i++) gradient[i]! += part.gradient[i]!;
    else gradient = batches.length > 1 ? part.gradient.slice() : part.gradient;
  }
  const limit = settings.max_grad_norm;
  const gradientNorm = limit > 0 ? clipGlobalNormInPlace(gradient!, limit) : globalNorm(gradient!);
  await refuseExploded({ what: "the loss", loss, gradientNorm, batches }, state, model);

  const schedule = { name: settings.lr_scheduler, steps, warmupRatio: settings.warmup_ratio };
  const learningRate = settings.learning_rate * scheduleFactor(schedule, state.step);
  let end = 0;
  for (const { size, rate, decays } of model.groups) {
    const part = (array: Float32Array<ArrayBuffer>) => array.subarray(end, end + size);
    const moments = { step: state.step, mean: part(mean), square: part(square) };
    updateAdamWInPlace(part(weights), gradient!.subarray(end, end + size), moments, learningRate * rate, {
      ...adamWDefaults,
      weightDecay: decays ? settings.weight_decay : 0,
    });
    end += size;
  }
  state.step++;
  state.tokens += batches.reduce((sum, batch) => sum + batch.tokens, 0);
  return { loss, gradientNorm, learningRate };
}

/** Measures the state on the validation batches and keeps its parameters if it is the best so far. */
async function validate<Kind extends Batch>(
  state: Checkpoint,
  train: number | null,
  model: Trainable<Kind>,
  batches: Kind[],
): Promise<void> {
  const { loss, ...measured } = await evaluateAll(model, batches, state.arrays.weights);
  // Not better than any other, but seen: NaN would slip through the comparison below.
  await refuseExploded({ what: "the validation loss", loss, gradientNorm: null, batches }, state, model);
  state.curve.push({ step: state.step, train, validation: loss, ...measured });
  if (state.best === null || loss < state.best.validation) {
    state.best = { step: state.step, validation: loss };
    state.arrays.bestWeights = state.arrays.weights.slice();
    state.sinceBest = 0;
  } else {
    state.sinceBest++;
  }
}

function hasStalled(state: Checkpoint, settings: TrainingSettings): boolean {
  const patience = settings.early_stopping_patience;
  return patience > 0 && state.sinceBest >= patience;
}

/** Before the first step. */
export function startState(model: Pick<Trainable, "initialParameters">): Checkpoint {
  const size = model.initialParameters.length;
  return {
    step: 0,
    curve: [],
    best: null,
    sinceBest: 0,
    seconds: 0,
    tokens: 0,
    faults: 0,
    rate: 1,
    arrays: {
      weights: model.initialParameters.slice(),
      mean: new Float32Array(size),
      square: new Float32Array(size),
      bestWeights: new Float32Array(0),
    },
  };
}

function reportOf(
  state: Checkpoint,
  steps: PlannedStep<unknown>[],
  seconds: number,
): Omit<StepReport, "learningRate" | "gradientNorm"> {
  const point = state.curve.at(-1);
  return {
    step: state.step,
    steps: steps.length,
    epoch: steps[state.step - 1]?.epoch ?? 0,
    train: point?.train ?? null,
    validation: point?.validation ?? null,
    ...(point?.accuracy !== undefined && { accuracy: point.accuracy }),
    ...(point?.margin !== undefined && { margin: point.margin }),
    tokens: state.tokens,
    seconds,
  };
}

/** Seconds, going on from `already`. */
function startClock(already: number): () => number {
  const began = performance.now();
  return () => already + (performance.now() - began) / 1000;
}
