import type { OpenModel } from "../../models/index.ts";
import type { Batch, Batches } from "../batches.ts";
import type { TrainingJob } from "../training-job.ts";
import type { Trainable } from "../trainable.ts";

/** What was read of the examples. */
export interface ExamplesRead {
  /** Those that are trained on. */
  count: number;
  /** Ids of the examples left out because they are longer than sequence_len. */
  tooLong: string[];
  /** Tokens of the longest example, of those too. */
  longest: number;
  /** Input tokens in an epoch. */
  tokens: number;
}

/** A run's examples and model, as the loop and what stands around it see them. */
export interface Task<Kind extends Batch = Batch> {
  examples: ExamplesRead;
  train: Batches<Kind>;
  /** Without batches where there is no validation. */
  validation: Batches<Kind>;
  /** All that the trained numbers depend on besides the model and the settings. */
  identity: readonly unknown[];
  /**
   * Where something is trained before, it is asked after each of its steps whether to stop: then there is no task. Without
   * `isStopped` nothing is trained: only passes are to be measured, or the run goes on from a checkpoint.
   */
  open: (isStopped?: () => Promise<boolean>) => Promise<OpenTask<Kind> | undefined>;
}

export interface OpenTask<Kind extends Batch = Batch> {
  trainable: Trainable<Kind>;
  /** Loss on general text (nats per token) without and with what was trained: what tuning cost elsewhere. Absent of a model that does not write. */
  retention?: (parameters: Float32Array<ArrayBuffer>) => Promise<{ before: number; after: number }>;
  /** Writes what was trained into the job's folder, whole or not at all. */
  save: (parameters: Float32Array<ArrayBuffer>) => Promise<void>;
}

/** What is learnt from examples: how they are read, come in batches, and what is lost on them. */
export type Objective<Kind extends Batch = Batch> = (
  model: OpenModel,
  job: TrainingJob,
) => Task<Kind> | Promise<Task<Kind>>;
