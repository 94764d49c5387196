import { join } from "node:path";
import type { TrainingRecord } from "../contracts/index.ts";
import { openModel } from "../models/index.ts";
import { exists, listFolder, serveWorker, writeFileAtomic, type Emit } from "../platform/index.ts";
import { fingerprintRun } from "./fingerprint-run.ts";
import { hasCheckpoints, loadCheckpoint, saveCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { openMetrics } from "./metrics-file.ts";
import { objectiveOf } from "./objectives/objective-of.ts";
import { planSteps } from "./steps.ts";
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

export type TrainingEvent = { plan: TrainingPlan } | { step: StepReport };

let stopped = false;

const methods = {
  /** Undefined when it was stopped: the checkpoints hold all that was done. */
  train: async (emit: Emit<TrainingEvent>, job: TrainingJob): Promise<TrainingRecord | undefined> => {
    const { settings } = job;
    const model = await openModel(job.model);
    const task = await objectiveOf(settings)(model, job);
    const { examples } = task;
    const fingerprint = fingerprintRun(model.fingerprint, settings, task.identity);
    const checkpoints = join(job.checkpoints, fingerprint);
    const { checkpoint, damaged } = await loadCheckpoint(checkpoints);
    const others = (await runsIn(job.checkpoints)).filter((name) => name !== fingerprint);
    emit({
      plan: {
        examples: examples.count,
        tooLong: examples.tooLong,
        longest: examples.longest,
        steps: planSteps(task.train, settings).length,
        done: checkpoint?.step ?? 0,
        tokens: examples.tokens,
        ignored: [
          ...damaged.map((name) => `${join(checkpoints, name)} is damaged`),
          ...others.map((name) => `${join(job.checkpoints, name)} is of other settings, examples or model`),
        ],
      },
    });

    const { trainable, retention: measureRetention, save } = await task.open();
    const appendMetrics = await openMetrics(join(checkpoints, "metrics.jsonl"), checkpoint?.step ?? 0);
    const { state, finished } = await trainLoop({
      model: trainable,
      train: task.train,
      validation: task.validation,
      settings,
      checkpointSeconds: job.checkpointSeconds,
      resume: checkpoint,
      save: (state) => saveCheckpoint(checkpoints, state),
      onStep: async (step) => {
        emit({ step });
        await appendMetrics(step);
      },
      isStopped: async () => {
        // The runtime blocks this process: only here can a call to `stop` come in, or the news that the program was
        // killed, which ends this process before it writes where the next run may be at work.
        await new Promise((resolve) => setImmediate(resolve));
        return stopped;
      },
    });
    if (!finished) return undefined;
    const parameters = bestParameters(state);
    await trainable.close();
    const retention = (await measureRetention?.(parameters)) ?? null;
    const record = recordOf(job, state, examples.count, retention);
    await save(parameters);
    await writeFileAtomic(join(job.folder, "training.json"), `${JSON.stringify(record, null, 2)}\n`);
    return record;
  },
  stop: (): void => {
    stopped = true;
  },
};
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
