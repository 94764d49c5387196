import type { Example } from "../contracts/index.ts";
import type { ResolvedModel } from "../models/index.ts";
import type { TrainingSettings } from "./settings.ts";

/** A training run, as plain values. */
export interface TrainingJob {
  model: ResolvedModel;
  train: Example[];
  validation: Example[];
  settings: TrainingSettings;
  /** Where the PEFT adapter goes, whole or not at all; the record goes beside it, as `training.json`. */
  folder: string;
  /** Where a run that was cut off is taken up again, and its metrics.jsonl. */
  checkpoints: string;
  /** Longest time between two checkpoints. */
  checkpointSeconds: number;
  threads: number;
}
