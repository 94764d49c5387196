import { join } from "node:path";
import type { TunedArm } from "../arms/index.ts";
import type {
  ChunkStore,
  Citation,
  Embedder,
  Generator,
  Hit,
  Retrieve,
  TrainingRecord,
} from "../contracts/index.ts";
import { resolveModel } from "../models/index.ts";
import {
  checkCitations,
  createRetriever,
  indexIdentity,
  openLanceStore,
  type RetrievalMode,
} from "../retrieval/index.ts";
import { trainAdapter, type TrainingSettings } from "../training/index.ts";
import type { Context } from "./context.ts";
import type { TrainingExamples } from "./steps/training-examples.ts";

/** The concrete parts of a run, each opened when first asked for, and once. */
export interface Parts {
  embedder: () => Promise<Embedder>;
  store: () => Promise<ChunkStore>;
  /** What the index depends on besides the documents. */
  indexIdentity: (embedder: Embedder) => string;
  generator: () => Promise<Generator>;
  /** As the config says. */
  retrieve: Retrieve;
  /** By words alone: for the floor. */
  retrieveByWords: Retrieve;
  cite: (answer: string, hits: Hit[]) => Citation[];
  train: (job: TrainingJob, context: Context) => Promise<TrainingRecord>;
  /** Closes what was opened. */
  close: () => Promise<void>;
}

export interface TrainingJob {
  arm: TunedArm;
  examples: TrainingExamples;
  settings: TrainingSettings;
  /** Where the adapter goes. */
  folder: string;
  /** Where a run that was cut off is taken up again. */
  checkpoints: string;
}

/** The one place where it is decided what a run is made of. */
export function assemble(context: Context): Parts {
  const { project, signal, onProgress } = context;
  const baseModel = once(() => resolveModel(project.baseModel, { signal, onProgress }));
  const opened: { close: () => Promise<void> }[] = [];
  const keep = <Part extends { close: () => Promise<void> }>(part: Part): Part => {
    opened.push(part);
    return part;
  };
  const identityOf = (embedder: Embedder): string =>
    indexIdentity(embedder.identity, project.config.retrieval.chunk_tokens);
  const embedder = once(async (): Promise<Embedder> => {
    throw new Error("not yet");
  });
  const generator = once(async (): Promise<Generator> => {
    throw new Error("not yet");
  });
  const store = once(async () => {
    const made = await embedder();
    const options = { identity: identityOf(made), dimensions: made.dimensions };
    return keep(await openLanceStore(join(project.output, "index"), options));
  });
  const retriever = (mode: RetrievalMode): Retrieve => {
    const open = once(async () =>
      createRetriever({ store: await store(), embedder: await embedder(), mode }),
    );
    return async (question, limit) => (await open())(question, limit);
  };

  return {
    embedder,
    store,
    generator,
    indexIdentity: identityOf,
    retrieve: retriever(project.config.retrieval.mode),
    retrieveByWords: retriever("bm25"),
    cite: checkCitations,
    train: async ({ arm, examples, ...job }, { signal, onProgress, warn }) =>
      trainAdapter({
        ...job,
        ...examples,
        model: await baseModel(),
        step: `Training ${arm}`,
        signal,
        onProgress,
        onPlan: ({ tooLong }) => {
          if (tooLong.length === 0) return;
          warn({
            code: "LORAG_TOO_LONG",
            message:
              `${tooLong.length} examples are longer than sequence_len ${job.settings.sequence_len} and were left out ` +
              `of training ${arm}: ${tooLong.slice(0, 5).join(", ")}${tooLong.length > 5 ? " and others" : ""}.`,
          });
        },
      }),
    close: async () => {
      for (const part of opened.reverse()) await part.close();
    },
  };
}

/** Makes the value at the first call; a failure is not kept. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () =>
    (value ??= make().catch((error: unknown) => {
      value = undefined;
      throw error;
    }));
}
