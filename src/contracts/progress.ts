/** How far a long step has come. Emitted by steps, drawn or printed by the CLI. */
export interface Progress {
  /** The step, for people: `Indexing documents`. */
  step: string;
  /** The part of the run that it belongs to: a key, for programs. */
  stage?: string;
  done: number;
  /** Absent while unknown. Same unit as `done`. */
  total?: number;
  unit?: string;
  /** A short figure worth showing beside the bar: `loss 1.23`. */
  note?: string;
  /** Of the whole run, not only of this step; absent while unknown. */
  remainingSeconds?: number;
}

export type OnProgress = (progress: Progress) => void;
