import { LoragError } from "../contracts/index.ts";
import { counted } from "../text/index.ts";
import {
  adamWDefaults,
  clipGlobalNormInPlace,
  globalNorm,
  scheduleFactor,
  updateAdamWInPlace,
} from "../engine/index.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { allBatches, type Batch, type Batches } from "./batches.ts";
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
 * Throws LORAG_LOSS_NOT_FINITE and LORAG_LOSS_EXPLODED with the step and its examples; the last checkpoint stays as it was.
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
    const { loss, gradientNorm, learningRate } = await takeStep(
      state,
      batches,
      steps.length,
      model,
      settings,
    );
    if (step.validate && validation.length > 0) await validate(state, loss, model, validation);
    else state.curve.push({ step: state.step, train: loss, validation: null });
    state.seconds = clock();
    const stop = await options.isStopped();
    const pauses = state.step === pauseAt && pauseAt < steps.length;
    await options.onStep({ ...reportOf(state, steps, clock()), learningRate, gradientNorm });
    if (stop || pauses || step.validate || clock() - lastSave >= options.checkpointSeconds) await save();
    if (stop && state.step < steps.length) return { state, finished: false };
  }
  return { state, finished: state.step === steps.length || hasStalled(state, settings) };
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
  const options = { ...adamWDefaults, weightDecay: settings.weight_decay };
  let end = 0;
  for (const { size, rate } of model.groups) {
    const part = (array: Float32Array<ArrayBuffer>) => array.subarray(end, end + size);
    const moments = { step: state.step, mean: part(mean), square: part(square) };
    updateAdamWInPlace(
      part(weights),
      gradient!.subarray(end, end + size),
      moments,
      learningRate * rate,
      options,
    );
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
  const loss = await meanLoss(model, batches, state.arrays.weights);
  // Not better than any other, but seen: NaN would slip through the comparison below.
  await refuseExploded({ what: "the validation loss", loss, gradientNorm: null, batches }, state, model);
  state.curve.push({ step: state.step, train, validation: loss });
  if (state.best === null || loss < state.best.validation) {
    state.best = { step: state.step, validation: loss };
    state.arrays.bestWeights = state.arrays.weights.slice();
    state.sinceBest = 0;
  } else {
    state.sinceBest++;
  }
}

/** Nats per scored token, text or pair. */
export async function meanLoss<Kind extends Batch>(
  model: Trainable<Kind>,
  batches: Kind[],
  parameters: Float32Array,
): Promise<number> {
  let loss = 0;
  let count = 0;
  for (const batch of batches) {
    loss += await model.loss(batch, parameters);
    count += batch.count;
  }
  return loss / count;
}

function hasStalled(state: Checkpoint, settings: TrainingSettings): boolean {
  const patience = settings.early_stopping_patience;
  return patience > 0 && state.sinceBest >= patience;
}

/** What is looked at for losses and gradients that have gone wrong. */
interface Looked<Kind extends Batch> {
  what: "the loss" | "the validation loss";
  loss: number;
  /** Null where none was taken. */
  gradientNorm: number | null;
  batches: Kind[];
}

/**
 * Throws LORAG_LOSS_NOT_FINITE for what is no finite number, LORAG_LOSS_EXPLODED for a loss above that of guessing blindly,
 * twice the best one so far, and a tenth above that of the untrained model on the very same examples: the weights are
 * beyond saving. An example that the model finds unlikely from the start is none.
 */
async function refuseExploded<Kind extends Batch>(
  looked: Looked<Kind>,
  state: Checkpoint,
  model: Trainable<Kind>,
): Promise<void> {
  const { what, loss, gradientNorm, batches } = looked;
  if (!Number.isFinite(loss)) throw spoiled("LORAG_LOSS_NOT_FINITE", `${what} became ${loss}`, looked, state);
  if (gradientNorm !== null && !Number.isFinite(gradientNorm))
    throw spoiled("LORAG_LOSS_NOT_FINITE", `the gradient's norm became ${gradientNorm}`, looked, state);
  const best = state.curve.reduce(
    (least, { train, validation }) => Math.min(least, train ?? least, validation ?? least),
    loss,
  );
  const guessing = model.blindLoss;
  if (loss <= Math.max(guessing, 2 * best)) return;
  const untrained = await meanLoss(model, batches, model.initialParameters);
  if (loss <= 1.1 * untrained) return;
  const figures = `${what} rose to ${rounded(loss)}, above the ${rounded(untrained)} of the untrained model and the ${rounded(guessing)} of blind guessing`;
  throw spoiled("LORAG_LOSS_EXPLODED", figures, looked, state);
}

function spoiled(
  code: "LORAG_LOSS_NOT_FINITE" | "LORAG_LOSS_EXPLODED",
  figures: string,
  { batches }: Looked<Batch>,
  { step }: Checkpoint,
): LoragError {
  const ids = batches.flatMap((batch) => batch.exampleIds);
  const shown = ids.slice(0, 20).join(", ") + (ids.length > 20 ? ` and ${ids.length - 20} more` : "");
  return new LoragError({
    code,
    kind: "data",
    message: `Training stopped after ${counted(step, "step")}: ${figures}, on the examples ${shown}`,
    next: "Lower `learning_rate`, or `max_grad_norm` where it is above 1 or 0 (off); if it happens in the first steps, look at these examples.",
  });
}

/** To four significant digits, as people read it. */
const rounded = (value: number): number => Number(value.toPrecision(4));

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
    tokens: state.tokens,
    seconds,
  };
}

/** Seconds, going on from `already`. */
function startClock(already: number): () => number {
  const began = performance.now();
  return () => already + (performance.now() - began) / 1000;
}
