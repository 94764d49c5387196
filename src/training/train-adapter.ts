import { availableParallelism } from "node:os";
import { LoragError, type Example, type OnProgress, type TrainingRecord } from "../contracts/index.ts";
import type { ResolvedModel } from "../models/index.ts";
import { startWorker, type WorkerHandle } from "../platform/index.ts";
import { halveBatch, isOutOfMemory } from "./halve-batch.ts";
import { predictRun, type Prediction, type Probe } from "./predict-run.ts";
import type { TrainingSettings } from "./settings.ts";
import type { StepReport } from "./train-loop.ts";
import type { TrainingJob } from "./training-job.ts";
import type { TrainingEvent, TrainingPlan, TrainMethods, TrialOutcome } from "./train-worker.ts";

export interface TrainAdapterOptions {
  /** Base model. */
  model: ResolvedModel;
  /** Prompts as they will be at answer time. */
  train: Example[];
  /** Empty: no validation, and the last weights are kept instead of the best. */
  validation: Example[];
  settings: TrainingSettings;
  /** Where the PEFT adapter folder goes, whole or not at all. */
  folder: string;
  /**
   * Where a run that was cut off is taken up again. Checkpoints of other settings, examples or models in it are left
   * alone. Each run's sub-folder holds also `metrics.jsonl`, its curve as it grows. Safe to remove when the adapter is
   * there.
   */
  checkpoints: string;
  /** Longest time between two checkpoints; there is one after each validation, too. */
  checkpointSeconds?: number;
  /** Every core by default. */
  threads?: number;
  /** Name of the progress step. */
  step?: string;
  onProgress?: OnProgress;
  /** Told once, before the first step. */
  onPlan?: (plan: TrainingPlan) => void;
  onStep?: (report: StepReport) => void;
  /** Told of each step that went wrong, and what was done about it. */
  onFault?: (message: string) => void;
  /** The step under way is finished and a checkpoint written, then LORAG_INTERRUPTED is thrown. */
  signal?: AbortSignal;
}

/**
 * Trains a LoRA adapter in a process of its own. A run that was cut off, by whatever, goes on from its last checkpoint
 * and ends with the very same adapter as if it had not been.
 *
 * Throws LORAG_INTERRUPTED, LORAG_LOSS_NOT_FINITE, LORAG_EXAMPLES_EMPTY, LORAG_ALL_TOO_LONG, LORAG_SEQUENCE_LEN,
 * LORAG_NO_CHAT, LORAG_LORA_TARGET.
 */
export async function trainAdapter(options: TrainAdapterOptions): Promise<TrainingRecord> {
  let begun = false;
  const onStep = (report: StepReport): void => {
    begun ||= report.step > 0;
    options.onStep?.(report);
  };
  try {
    return await inWorker({ ...options, onStep }, (worker, job, hear) => worker.call("train", [job], hear));
  } catch (error) {
    const settings = isOutOfMemory(error, begun) ? halveBatch(options.settings) : undefined;
    if (!settings) throw error;
    options.onFault?.(
      `There was not enough memory for micro_batch_size ${options.settings.micro_batch_size}: it goes on with ` +
        `${settings.micro_batch_size}, and gradient_accumulation_steps ${settings.gradient_accumulation_steps}.`,
    );
    return trainAdapter({ ...options, settings });
  }
}

/** What a training will take, measured by a few passes that leave nothing behind. Throws what `trainAdapter` throws. */
export async function planTraining(options: TrainAdapterOptions): Promise<Probe & Prediction> {
  const probe = await inWorker(options, (worker, job, hear) => worker.call("probe", [job], hear));
  return { ...probe, ...predictRun(probe) };
}

/**
 * Trains for a share of all steps, from 0 to 1, with the schedule of the whole training: a larger share later goes on from
 * there. Writes checkpoints alone. Throws what `trainAdapter` throws.
 */
export function trainPart(options: TrainAdapterOptions, share: number): Promise<TrialOutcome> {
  return inWorker(options, (worker, job, hear) => worker.call("trial", [job, share], hear));
}

async function inWorker<Result>(
  options: TrainAdapterOptions,
  run: (
    worker: WorkerHandle<TrainingEvent, TrainMethods>,
    job: TrainingJob,
    hear: (event: TrainingEvent) => void,
  ) => Promise<Result | undefined>,
): Promise<Result> {
  const { model, train, validation, settings, folder, checkpoints, signal } = options;
  if (train.length === 0) throw nothingToTrainOn();
  if (signal?.aborted) throw interrupted(checkpoints);
  const worker = startWorker<TrainingEvent, TrainMethods>(new URL("./train-worker.ts", import.meta.url));
  const stop = (): void => void worker.call("stop", []).catch(() => {});
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const job: TrainingJob = {
      model,
      train,
      validation,
      settings,
      folder,
      checkpoints,
      checkpointSeconds: options.checkpointSeconds ?? 60,
      threads: options.threads ?? availableParallelism(),
    };
    const result = await run(worker, job, (event) => {
      if ("plan" in event) options.onPlan?.(event.plan);
      else if ("fault" in event) options.onFault?.(event.fault);
      else reportStep(event.step, options);
    });
    if (!result) throw interrupted(checkpoints);
    return result;
  } finally {
    signal?.removeEventListener("abort", stop);
    await worker.close();
  }
}

function reportStep(report: StepReport, { step, onProgress, onStep }: TrainAdapterOptions): void {
  onStep?.(report);
  const loss = report.validation ?? report.train;
  onProgress?.({
    step: step ?? "Training",
    done: report.step,
    total: report.steps,
    unit: "steps",
    ...(loss !== null && {
      note:
        `${report.validation === null ? "loss" : "validation loss"} ${loss.toFixed(3)}` +
        (report.accuracy === undefined ? "" : `, ${percent(report.accuracy)} right`),
    }),
  });
}

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

function interrupted(checkpoints: string): LoragError {
  return new LoragError({
    code: "LORAG_INTERRUPTED",
    kind: "interrupted",
    message: `Training was interrupted; what was done is kept in ${checkpoints}`,
    next: "Run the same command again: it goes on from there.",
  });
}

function nothingToTrainOn(): LoragError {
  return new LoragError({
    code: "LORAG_EXAMPLES_EMPTY",
    kind: "data",
    message: "There are 0 examples to train an adapter on",
    next: "Add examples, or set aside fewer of them for validation and test.",
  });
}
