import { availableParallelism } from "node:os";
import { LoragError, type EmbeddedAs, type Embedder } from "../contracts/index.ts";
import type { Arithmetic, ResolvedModel } from "../models/index.ts";
import { startWorker, type WorkerHandle } from "../platform/index.ts";
import { openEmbedderTokens, type EmbedderTokens } from "./embedder-tokens.ts";
import type { EmbedderMethods, OpenedEmbedder } from "./embedder-worker.ts";

export interface EmbedderOptions {
  model: ResolvedModel;
  /** Arithmetic of the linear layers; int8 by default. */
  arithmetic?: Arithmetic;
  /** Texts encoded side by side; every core by default. */
  threads?: number;
}

/** Texts in one call to a worker: few enough that an abort is soon heard, enough that the call costs nothing. */
const textsPerCall = 16;

/**
 * Opens a sentence encoder. Each worker has a session of its own and takes texts one at a time, which uses the cores
 * better than one session on all of them. Throws LORAG_MODEL_CONFIG and what opening a model throws.
 */
export async function createEmbedder(options: EmbedderOptions): Promise<Embedder> {
  const { model, arithmetic = "int8" } = options;
  const threads = Math.max(1, options.threads ?? availableParallelism());
  const workers = Array.from({ length: threads }, () =>
    startWorker<number, EmbedderMethods>(new URL("./embedder-worker.ts", import.meta.url)),
  );
  const close = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.close()));
  };
  let opened: OpenedEmbedder;
  let tokens: EmbedderTokens;
  try {
    const request = { model, arithmetic };
    // The first compiles what the others then find.
    opened = await workers[0]!.call("open", [request]);
    tokens = await openEmbedderTokens(model);
    await Promise.all(workers.slice(1).map((worker) => worker.call("open", [request])));
  } catch (error) {
    await close();
    throw error;
  }
  const { dimensions, hasPrompts } = opened;
  return {
    identity: `${model.name} ${arithmetic} ${model.fingerprint.slice(0, 12)}${hasPrompts ? " prompts" : ""}`,
    dimensions,
    ...tokens,
    close,
    embed: (texts, { as = "query", signal, onProgress } = {}) =>
      embedAll(workers, dimensions, texts, as, signal, onProgress),
  };
}

type EmbedderWorker = WorkerHandle<number, EmbedderMethods>;

/** The workers draw from one queue, so that a long text holds up only its own. */
async function embedAll(
  workers: readonly EmbedderWorker[],
  dimensions: number,
  texts: readonly string[],
  as: EmbeddedAs,
  signal: AbortSignal | undefined,
  onProgress: ((done: number) => void) | undefined,
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = new Array(texts.length);
  // Small jobs are shared out evenly too.
  const size = Math.min(textsPerCall, Math.ceil(texts.length / workers.length));
  let next = 0;
  let done = 0;
  const work = async (worker: EmbedderWorker): Promise<void> => {
    while (next < texts.length) {
      if (signal?.aborted) throw interrupted(done, texts.length);
      const start = next;
      const part = texts.slice(start, (next += size));
      const joined = await worker.call("embed", [part, as]);
      for (let i = 0; i < part.length; i++) {
        vectors[start + i] = joined.slice(i * dimensions, (i + 1) * dimensions);
      }
      done += part.length;
      onProgress?.(done);
    }
  };
  const lanes = await Promise.allSettled(
    workers.map((worker) =>
      work(worker).catch((error: unknown) => {
        // The others need not finish what will not be used.
        next = texts.length;
        throw error;
      }),
    ),
  );
  const failure = lanes.find((lane) => lane.status === "rejected");
  if (failure) throw failure.reason;
  return vectors;
}

function interrupted(done: number, total: number): LoragError {
  return new LoragError({
    code: "LORAG_INTERRUPTED",
    kind: "interrupted",
    message: `Embedding was stopped after ${done} of ${total} texts`,
    next: "Run the command again.",
  });
}
