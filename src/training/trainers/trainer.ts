import type { Example, TrainingRecord } from "../../contracts/index.ts";
import type { TrainingSettings } from "../settings.ts";

/** What is to be trained, as any trainer takes it. */
export interface TrainerJob {
  /** Prompts as they will be at answer time. */
  train: Example[];
  validation: Example[];
  settings: TrainingSettings;
  /** Where what was trained goes, or what says where it is. */
  folder: string;
  /** Where started work is recorded, so that a run that was cut off is taken up again. */
  checkpoints: string;
}

/** What came of it: an adapter on this machine, or a model elsewhere by its name there. */
export type TrainerResult = { record: TrainingRecord } & (
  { kind: "peft"; folder: string } | { kind: "remote"; model: string }
);

export interface TrainerEvents {
  onStep?: (step: { step: number; steps: number; train: number | null; validation: number | null }) => void;
  /** A word on the side. */
  onMessage?: (message: string) => void;
  signal?: AbortSignal;
}

/**
 * Trains. Work that was started is recorded before anything is waited for: the same job, given again after the process died
 * at any moment, goes on with it, and neither trains nor pays twice. An abort ends with LORAG_INTERRUPTED.
 */
export interface Trainer {
  train(job: TrainerJob, events?: TrainerEvents): Promise<TrainerResult>;
}
