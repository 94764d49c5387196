/** One run of a search over training settings, as plain values. */
export interface SearchTrial {
  /** From 0, in the order in which they were drawn. */
  id: number;
  /** Keys of `lorag.yaml` and what this trial sets them to. */
  settings: Readonly<Record<string, number>>;
  /** Validation losses (nats per completion token) by rung, as far as it came; null where it failed. */
  losses: readonly (number | null)[];
  /** Optimizer steps taken in all. */
  steps: number;
  seconds: number;
  /** Why it has no further loss, where it failed. */
  failure?: string;
}

export interface SearchReport {
  arm: string;
  /** Shares of a training after which trials are compared; the last is 1. */
  rungs: readonly number[];
  trials: readonly SearchTrial[];
  /** The trial to use: lowest loss among those that came furthest; null where none has a loss. */
  best: number | null;
  steps: number;
  seconds: number;
  cost: number;
  currency: string;
  /** Why it ended. */
  ended: "finished" | "budget";
}
