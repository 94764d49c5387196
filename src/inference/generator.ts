import { availableParallelism } from "node:os";
import type { Generator } from "../contracts/index.ts";
import type { Precision, ResolvedModel } from "../models/index.ts";
import { startWorker } from "../platform/index.ts";
import { checkSampling } from "./check-sampling.ts";
import type { GeneratorMethods } from "./generator-worker.ts";

export interface GeneratorOptions {
  model: ResolvedModel;
  /** Arithmetic of the linear layers; that of the adapters' training keeps their answers theirs. int8 by default. */
  precision?: Precision;
  /** Every core by default. */
  threads?: number;
  /** Most requests that share a step. 32 by default. */
  maxRows?: number;
  /** Memory for keys and values; one request is served whatever it needs. 1536 by default. */
  cacheMegabytes?: number;
  /** Longest prompt and answer together; what the model was made for by default, and at most. */
  contextLength?: number;
}

/**
 * Opens a model that answers chats, in a process of its own: the caller's event loop stays free.
 * Throws LORAG_NO_CHAT, LORAG_MODEL_CONFIG, and what opening and compiling a model throw.
 */
export async function createGenerator(options: GeneratorOptions): Promise<Generator> {
  const worker = startWorker<string, GeneratorMethods>(new URL("./generator-worker.ts", import.meta.url));
  try {
    await worker.call("open", [
      {
        model: options.model,
        precision: options.precision ?? "int8",
        threads: options.threads ?? availableParallelism(),
        maxRows: options.maxRows ?? 32,
        cacheMegabytes: options.cacheMegabytes ?? 1536,
        contextLength: options.contextLength,
      },
    ]);
  } catch (error) {
    await worker.close();
    throw error;
  }

  let lastId = 0;
  return {
    async generate({ messages, adapter, sampling, signal, onText }) {
      const id = ++lastId;
      const cancel = (): void => void worker.call("cancel", [id]).catch(() => {});
      const request = {
        id,
        messages,
        ...(adapter !== undefined && { adapter }),
        sampling: checkSampling(sampling),
        stream: onText !== undefined,
      };
      const answer = worker.call("generate", [request], onText);
      if (signal?.aborted) cancel();
      signal?.addEventListener("abort", cancel, { once: true });
      try {
        return await answer;
      } finally {
        signal?.removeEventListener("abort", cancel);
      }
    },
    loadAdapter: (name, folder) => worker.call("loadAdapter", [name, folder]),
    unloadAdapter: (name) => worker.call("unloadAdapter", [name]),
    countTokens: (messages) => worker.call("countTokens", [messages]),
    close: async () => {
      await worker.call("close", []);
      await worker.close();
    },
  };
}
