import { availableParallelism } from "node:os";
import { startWorker } from "../platform/index.ts";
import type { Scored, ScoreMethods, ScoringJob } from "./score-worker.ts";

/**
 * The log-probability that models, with or without an adapter, give every token of some completions, in float32 and in a
 * process of its own. Throws LORAG_ADAPTER_MISMATCH, LORAG_NO_CHAT.
 */
export async function scoreExamples(
  jobs: readonly Omit<ScoringJob, "threads">[],
  threads = availableParallelism(),
): Promise<Scored[][]> {
  const worker = startWorker<never, ScoreMethods>(new URL("./score-worker.ts", import.meta.url));
  try {
    const scored: Scored[][] = [];
    for (const job of jobs) scored.push(await worker.call("score", [{ threads, ...job }]));
    return scored;
  } finally {
    await worker.close();
  }
}
