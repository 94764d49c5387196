import { availableParallelism } from "node:os";
import type { PairScorer } from "../contracts/index.ts";
import type { Arithmetic, ResolvedModel } from "../models/index.ts";
import { startWorker } from "../platform/index.ts";
import type { PairScorerMethods } from "./pair-scorer-worker.ts";

/**
 * Opens a cross-encoder: a BERT-type sequence classifier that reads question and text as one (https://arxiv.org/abs/1901.04085).
 * Each worker has a session of its own and takes its share of the texts. Throws LORAG_MODEL_CONFIG and what opening a
 * model throws.
 */
export async function createPairScorer(options: {
  model: ResolvedModel;
  arithmetic?: Arithmetic;
  threads?: number;
}): Promise<PairScorer> {
  const { model, arithmetic = "int8" } = options;
  const threads = Math.max(1, options.threads ?? availableParallelism());
  const workers = Array.from({ length: threads }, () =>
    startWorker<number, PairScorerMethods>(new URL("./pair-scorer-worker.ts", import.meta.url)),
  );
  const close = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.close()));
  };
  try {
    const request = { model, arithmetic };
    // The first compiles what the others then find.
    await workers[0]!.call("open", [request]);
    await Promise.all(workers.slice(1).map((worker) => worker.call("open", [request])));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    identity: `${model.name} ${arithmetic} ${model.fingerprint.slice(0, 12)}`,
    close,
    score: async (question, texts) => {
      const size = Math.ceil(texts.length / threads);
      const parts = await Promise.all(
        workers.map((worker, index) => {
          const part = texts.slice(index * size, (index + 1) * size);
          return part.length > 0 ? worker.call("score", [question, part]) : [];
        }),
      );
      return parts.flat();
    },
  };
}
