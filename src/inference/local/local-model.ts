import { setMaxListeners } from "node:events";
import { availableParallelism } from "node:os";
import type { AdapterHost, ChatModel } from "../../contracts/index.ts";
import type { Arithmetic, ResolvedModel } from "../../models/index.ts";
import { startWorker } from "../../platform/index.ts";
import { checkSampling } from "../check-sampling.ts";
import type { LocalModelMethods } from "./local-model-worker.ts";
import { createRestartingWorker } from "./restarting-worker.ts";

export interface LocalModelOptions {
  model: ResolvedModel;
  /** Arithmetic of the linear layers; that of the adapters' training keeps their answers theirs. int8 by default. */
  arithmetic?: Arithmetic;
  /** Every core by default. */
  threads?: number;
  /** Most requests that share a step. 32 by default. */
  maxRows?: number;
  /**
   * Memory for keys and values of the requests in progress; one is served whatever it needs. Beginnings that prompts
   * share take up to an eighth more. 1536 by default.
   */
  cacheMegabytes?: number;
  /** Longest prompt and answer together; what the model was made for by default, and at most. */
  contextLength?: number;
}

export type LocalModel = ChatModel & AdapterHost;

/**
 * Opens a model that answers chats, in a process of its own: the caller's event loop stays free. Where that ends by
 * itself it is started anew, without adapters.
 * Throws LORAG_NO_CHAT, LORAG_MODEL_CONFIG, and what opening and compiling a model throw.
 */
export async function createLocalModel(options: LocalModelOptions): Promise<LocalModel> {
  const { model, arithmetic = "int8" } = options;
  const worker = await createRestartingWorker(async () => {
    const started = startWorker<string, LocalModelMethods>(
      new URL("./local-model-worker.ts", import.meta.url),
    );
    try {
      await started.call("open", [
        {
          model,
          arithmetic,
          threads: options.threads ?? availableParallelism(),
          maxRows: options.maxRows ?? 32,
          cacheMegabytes: options.cacheMegabytes ?? 1536,
          contextLength: options.contextLength,
        },
      ]);
    } catch (error) {
      await started.close();
      throw error;
    }
    return started;
  });

  let lastId = 0;
  return {
    identity: `${model.name} ${arithmetic} ${model.fingerprint.slice(0, 12)}`,
    async generate({ messages, adapter, sampling, constraint, topLogprobs, signal, onText }) {
      const id = ++lastId;
      const cancel = (): void => void worker.call("cancel", [id]).catch(() => {});
      const request = {
        id,
        messages,
        ...(adapter !== undefined && { adapter }),
        sampling: checkSampling(sampling),
        ...(constraint && { constraint }),
        ...(topLogprobs !== undefined && { topLogprobs }),
        stream: onText !== undefined,
      };
      // What the caller's function throws is the caller's, and ends the request that it was called for.
      let thrown: { error: unknown } | undefined;
      const hear = (text: string): void => {
        if (thrown) return;
        try {
          onText?.(text);
        } catch (error) {
          thrown = { error };
          cancel();
        }
      };
      const answer = worker.call("generate", [request], hear);
      if (signal?.aborted) cancel();
      // Many requests may share a signal: Node takes more than ten listeners for a leak.
      if (signal) setMaxListeners(0, signal);
      signal?.addEventListener("abort", cancel, { once: true });
      try {
        const generation = await answer;
        if (thrown) throw thrown.error;
        return generation;
      } finally {
        signal?.removeEventListener("abort", cancel);
      }
    },
    loadAdapter: (name, folder) => worker.call("loadAdapter", [name, folder]),
    unloadAdapter: (name) => worker.call("unloadAdapter", [name]),
    countTokens: (messages) => worker.call("countTokens", [messages]),
    close: () => worker.close(),
  };
}
