import type {
  ChunkStore,
  Citation,
  Embedder,
  Generator,
  Hit,
  Retrieve,
  TrainingRecord,
} from "../contracts/index.ts";
import type { TunedArm } from "../arms/index.ts";
import type { Context } from "./context.ts";
import type { TrainingSettings } from "./steps/train-adapter.ts";
import type { TrainingExamples } from "./steps/training-examples.ts";

export interface TrainingJob {
  arm: TunedArm;
  examples: TrainingExamples;
  settings: TrainingSettings;
  folder: string;
  checkpoints: string;
}

/** The concrete parts of a run, each opened when first asked for and once. */
export interface Parts {
  embedder: () => Promise<Embedder>;
  store: () => Promise<ChunkStore>;
  generator: () => Promise<Generator>;
  /** As the config says. */
  retrieve: Retrieve;
  /** By words alone: for the floor. */
  retrieveByWords: Retrieve;
  cite: (answer: string, hits: Hit[]) => Citation[];
  /** Trains an adapter into `folder`; `checkpoints` is where a run that was cut off left off. */
  train: (context: Context, job: TrainingJob) => Promise<TrainingRecord>;
  /** Closes what was opened. */
  close: () => Promise<void>;
}

export function assemble(_context: Context): Parts {
  throw new Error("not yet");
}
