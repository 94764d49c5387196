import type {
  ChunkStore,
  Citation,
  Embedder,
  Example,
  AdapterHost,
  ChatModel,
  Classifier,
  Hit,
  Retrieve,
  TrainingRecord,
} from "../contracts/index.ts";
import type { ResolvedModel } from "../models/index.ts";
import type { Glossary } from "../glossary/index.ts";
import type { IndexCounts, IndexRequest } from "../retrieval/index.ts";
import type { ExampleView } from "../training/index.ts";
import type { AdapterSpec, TrainingExamples } from "./adapter-spec.ts";
import type { Context } from "./context.ts";
import type { IndexSpec } from "./index-spec.ts";
import type { RetrievalWay } from "./retrieval-way.ts";

/** An index that is open. */
export interface OpenIndex {
  store: ChunkStore;
  embedder: Embedder;
  /** What the index depends on besides the documents. */
  identity: string;
}

/** The concrete parts of a run, each opened when first asked for, and once. A model is named as an arm names it. */
export interface Parts {
  /** Both throw at once what is wrong with a model in a folder of the user's, before long work for nothing. */
  checkModel: (model?: string) => Promise<void>;
  checkEmbeddingModel: (spec: IndexSpec) => Promise<void>;
  /** Has the model on this machine, so that one that cannot be fetched is told before long work for nothing. */
  fetchModel: (model?: string) => Promise<void>;
  /** The files of a model of this machine, fetched where they are not there. Throws LORAG_NOT_TUNABLE for an endpoint. */
  localModel: (model?: string) => Promise<ResolvedModel>;
  /** By the name that lorag.yaml has for the model. */
  embedder: (name: string) => Promise<Embedder>;
  index: (spec: IndexSpec) => Promise<OpenIndex>;
  updateIndex: (request: IndexRequest) => Promise<IndexCounts>;
  /** `tuned`: a folder whose weights take the place of the model's own, or that says which model of its endpoint does. */
  generator: (model?: string, tuned?: string) => Promise<ChatModel & Partial<AdapterHost>>;
  /** A model with the head that lies in `folder`. */
  classifier: (model: string | undefined, folder: string) => Promise<Classifier>;
  /** Changes with the weights where the model is a file or folder of the user's; else its name. Fetches nothing. */
  modelIdentity: (model?: string) => Promise<string>;
  retrieve: (way: RetrievalWay) => Retrieve;
  /** The project's; throws LORAG_CONFIG where it has none. */
  glossary: () => Promise<Glossary>;
  cite: (answer: string, hits: Hit[], question: string) => Citation[];
  /** Counts the tokens of an example as the model is trained on it. */
  exampleLength: (model?: string) => Promise<(example: Example) => number>;
  /** Tells an example's tokens, and which of them are trained. */
  exampleView: (model?: string) => Promise<(example: Example) => ExampleView>;
  train: (job: Training, context: Context) => Promise<TrainingRecord>;
  /** Closes what was opened. */
  close: () => Promise<void>;
}

export interface Training {
  adapter: AdapterSpec;
  examples: TrainingExamples;
}
