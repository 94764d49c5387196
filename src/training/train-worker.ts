import { join } from "node:path";
import type { TrainingRecord } from "../contracts/index.ts";
import { openModel } from "../models/index.ts";
import { exists, listFolder, readFile, serveWorker, writeFileAtomic, type Emit } from "../platform/index.ts";
import { allBatches } from "./batches.ts";
import { fingerprintRun } from "./fingerprint-run.ts";
import { hasCheckpoints, loadCheckpoint, saveCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { metricsFiles, openMetrics } from "./metrics-file.ts";
import { objectiveOf } from "./objectives/objective-of.ts";
import type { Probe } from "./predict-run.ts";
import { planSteps } from "./steps.ts";
import { evaluateAll } from "./evaluate-all.ts";
import { bestParameters, trainLoop, type StepReport } from "./train-loop.ts";
import type { TrainingJob } from "./training-job.ts";

/** What lies ahead, told before the first step. */
export interface TrainingPlan {
  examples: number;
  /** Ids of the examples left out because they are longer than sequence_len. */
  tooLong: string[];
  /** Tokens of the longest example, of those too. */
  longest: number;
  /** Optimizer steps in all, and those that an earlier run has done. */
  steps: number;
  done: number;
  /** Input tokens in an epoch. */
  tokens: number;
  /** Checkpoints that were not used, and why. */
  ignored: string[];
}

export type TrainingEvent = { plan: TrainingPlan } | { step: StepReport } | { fault: string };

/** How far a trial came, and how good it is there. */
export interface TrialOutcome {
  /** On the validation examples, in nats per completion token: the lowest so far. */
  loss: number;
  step: number;
  /** Of the whole training. */
  steps: number;
  seconds: number;
}

const probedPasses = 4;
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

let stopped = false;

const methods = {
  /** Undefined when it was stopped: the checkpoints hold all that was done. */
  train: async (emit: Emit<TrainingEvent>, job: TrainingJob): Promise<TrainingRecord | undefined> => {
    const ran = await run(emit, job);
    if (!ran?.finished) return undefined;
    const { task, opened, state, checkpoints } = ran;
    const parameters = bestParameters(state);
    await opened.trainable.close();
    const retention = (await opened.retention?.(parameters)) ?? null;
    const record = recordOf(job, state, task.examples.count, retention);
    await opened.save(parameters);
    await writeFileAtomic(join(job.folder, "training.json"), `${JSON.stringify(record, null, 2)}\n`);
    for (const name of metricsFiles)
      await writeFileAtomic(join(job.folder, name), await readFile(join(checkpoints, name)));
    return record;
  },
  /** Trains for a share of all steps, and says how good that is; undefined when it was stopped before. */
  trial: async (
    emit: Emit<TrainingEvent>,
    job: TrainingJob,
    share: number,
  ): Promise<TrialOutcome | undefined> => {
    const ran = await run(emit, job, share);
    if (!ran) return undefined;
    const { task, opened, steps, state, finished } = ran;
    if (!finished && state.step < Math.ceil(share * steps)) return undefined;
    const { loss: now } = await evaluateAll(
      opened.trainable,
      allBatches(task.validation),
      state.arrays.weights,
    );
    await opened.trainable.close();
    const loss = Math.min(now, state.best?.validation ?? Infinity);
    return { loss, step: state.step, steps, seconds: state.seconds };
  },
  /** Measures a few passes; nothing is written. */
  probe: async (_emit: Emit<TrainingEvent>, job: TrainingJob): Promise<Probe> => {
    const began = performance.now();
    const model = await openModel(job.model);
    const task = await objectiveOf(job.settings)(model, job);
    const steps = planSteps(task.train, job.settings);
    const { trainable } = (await task.open())!;
    const { initialParameters } = trainable;
    const seconds = async (run: () => Promise<unknown>): Promise<number> => {
      const start = performance.now();
      await run();
      return (performance.now() - start) / 1000;
    };
    const plans = steps.flatMap(({ batches }) => batches);
    const passes: number[] = [];
    for (const fill of plans.slice(0, probedPasses))
      passes.push(
        await seconds(() => trainable.gradient(fill(), initialParameters, { scale: 1, dropout: [0] })),
      );
    const validation = allBatches(task.validation);
    const validations: number[] = [];
    for (const batch of validation.slice(0, 2))
      validations.push(await seconds(() => trainable.evaluate(batch, initialParameters)));
    // The first of each opens its session.
    const usual = (times: number[]): number => (times.length > 1 ? mean(times.slice(1)) : (times[0] ?? 0));
    const spent = (performance.now() - began) / 1000;
    const measured = [...passes, ...validations].reduce((sum, time) => sum + time, 0);
    const openings = (passes[0] ?? 0) - usual(passes) + (validations[0] ?? 0) - usual(validations);
    const probe: Probe = {
      steps: steps.length,
      passes: plans.length,
      validations: validation.length === 0 ? 0 : 1 + steps.filter(({ validate }) => validate).length,
      validationBatches: validation.length,
      secondsPerPass: usual(passes),
      secondsPerValidationBatch: usual(validations),
      openSeconds: spent - measured + openings,
      parameters: initialParameters.length,
      peakBytes: process.resourceUsage().maxRSS * 1024,
    };
    await trainable.close();
    return probe;
  },
  stop: (): void => {
    stopped = true;
  },
};

/**
 * The runtime blocks this process: only here can a call to `stop` come in, or the news that the program was killed, which
 * ends this process before it writes where the next run may be at work.
 */
async function isStopped(): Promise<boolean> {
  await new Promise((resolve) => setImmediate(resolve));
  return stopped;
}

/** Goes on from the last checkpoint, if there is one. Undefined when it was stopped before the first step. */
async function run(emit: Emit<TrainingEvent>, job: TrainingJob, pauseAfter?: number) {
  const { settings } = job;
  const model = await openModel(job.model);
  const task = await objectiveOf(settings)(model, job);
  const { examples } = task;
  const steps = planSteps(task.train, settings).length;
  const fingerprint = fingerprintRun(model.fingerprint, settings, task.identity);
  const checkpoints = join(job.checkpoints, fingerprint);
  const { checkpoint, damaged } = await loadCheckpoint(checkpoints);
  const others = (await runsIn(job.checkpoints)).filter((name) => name !== fingerprint);
  emit({
    plan: {
      examples: examples.count,
      tooLong: examples.tooLong,
      longest: examples.longest,
      steps,
      done: checkpoint?.step ?? 0,
      tokens: examples.tokens,
      ignored: [
        ...damaged.map((name) => `${join(checkpoints, name)} is damaged`),
        ...others.map((name) => `${join(job.checkpoints, name)} is of other settings, examples or model`),
      ],
    },
  });

  const opened = await task.open(checkpoint ? undefined : isStopped);
  if (!opened) return undefined;
  const appendMetrics = await openMetrics(checkpoints, checkpoint?.step ?? 0);
  const { state, finished } = await trainLoop({
    model: opened.trainable,
    train: task.train,
    validation: task.validation,
    settings,
    checkpointSeconds: job.checkpointSeconds,
    resume: checkpoint,
    pauseAfter,
    save: (state) => saveCheckpoint(checkpoints, state),
    restore: async () => (await loadCheckpoint(checkpoints)).checkpoint,
    onFault: async (fault) => emit({ fault }),
    onStep: async (step) => {
      emit({ step });
      await appendMetrics(step);
    },
    isStopped,
  });
  return { task, opened, steps, state, finished, checkpoints };
}
export type TrainMethods = typeof methods;
serveWorker<TrainingEvent>(methods);

/** Names of the folders with checkpoints; a run that was cut off before its first one leaves a curve alone. */
async function runsIn(folder: string): Promise<string[]> {
  if (!(await exists(folder))) return [];
  const runs = (await listFolder(folder)).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const used = await Promise.all(runs.map((name) => hasCheckpoints(join(folder, name))));
  return runs.filter((_, index) => used[index]);
}

function recordOf(
  job: TrainingJob,
  state: Checkpoint,
  examples: number,
  retention: TrainingRecord["retention"],
): TrainingRecord {
  return {
    adapter: job.folder,
    examples,
    steps: state.step,
    bestStep: state.best?.step ?? null,
    seconds: state.seconds,
    device: "cpu",
    losses: state.curve,
    retention,
  };
}
