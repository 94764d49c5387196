import { availableParallelism } from "node:os";
import type { Classifier } from "../contracts/index.ts";
import type { Arithmetic, ResolvedModel } from "../models/index.ts";
import { startWorker } from "../platform/index.ts";
import type { ClassifierMethods } from "./classifier-worker.ts";

export interface ClassifierOptions {
  model: ResolvedModel;
  /** Where the head lies that was trained on the model. */
  folder: string;
  /** Of a decoder's linear layers; that of the training. Encoders are computed in float32. */
  arithmetic: Arithmetic;
  /** Every core by default. */
  threads?: number;
}

/**
 * Opens a model with a head in a process of its own.
 * Throws LORAG_HEAD_INVALID, LORAG_ADAPTER_MISMATCH, and what opening and compiling a model throw.
 */
export async function createClassifier(options: ClassifierOptions): Promise<Classifier> {
  const worker = startWorker<never, ClassifierMethods>(new URL("./classifier-worker.ts", import.meta.url));
  try {
    await worker.call("open", [{ ...options, threads: options.threads ?? availableParallelism() }]);
  } catch (error) {
    await worker.close();
    throw error;
  }
  return {
    classify: (messages) => worker.call("classify", [messages]),
    close: () => worker.close(),
  };
}
