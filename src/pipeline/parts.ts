import type { TunedArm } from "../arms/index.ts";
import type {
  ChunkStore,
  Citation,
  Embedder,
  Example,
  AdapterHost,
  ChatModel,
  Hit,
  Retrieve,
  TrainingRecord,
} from "../contracts/index.ts";
import type { IndexCounts, IndexRequest } from "../retrieval/index.ts";
import type { ExampleView, TrainingSettings } from "../training/index.ts";
import type { Context } from "./context.ts";

/** The concrete parts of a run, each opened when first asked for, and once. */
export interface Parts {
  /** Both throw at once what is wrong with a model in a folder of the user's, before long work for nothing. */
  checkBaseModel: () => Promise<void>;
  checkEmbeddingModel: () => Promise<void>;
  /** Has the base model on this machine, so that one that cannot be fetched is told before long work for nothing. */
  fetchBaseModel: () => Promise<void>;
  embedder: () => Promise<Embedder>;
  store: () => Promise<ChunkStore>;
  /** What the index depends on besides the documents. */
  indexIdentity: (embedder: Embedder) => string;
  updateIndex: (request: IndexRequest) => Promise<IndexCounts>;
  generator: () => Promise<ChatModel & AdapterHost>;
  /** Changes with the weights where the base model is a file or folder of the user's; else its name. Fetches nothing. */
  baseModelIdentity: () => Promise<string>;
  /** As the config says. */
  retrieve: Retrieve;
  /** By words alone: for the floor. */
  retrieveByWords: Retrieve;
  cite: (answer: string, hits: Hit[], question: string) => Citation[];
  /** Counts the tokens of an example as the base model is trained on it. */
  exampleLength: () => Promise<(example: Example) => number>;
  /** Tells an example's tokens, and which of them are trained. */
  exampleView: () => Promise<(example: Example) => ExampleView>;
  train: (job: TrainingJob, context: Context) => Promise<TrainingRecord>;
  /** Closes what was opened. */
  close: () => Promise<void>;
}

export interface TrainingJob {
  arm: TunedArm;
  examples: { train: Example[]; validation: Example[] };
  settings: TrainingSettings;
  /** Where the adapter goes. */
  folder: string;
  /** Where a run that was cut off is taken up again. */
  checkpoints: string;
}
