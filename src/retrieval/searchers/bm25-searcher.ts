import type { ChunkStore, Searcher } from "../../contracts/index.ts";
import { toHits } from "./to-hits.ts";

/** Passages that hold the question's words, by BM25. */
export function createBm25Searcher(store: ChunkStore): Searcher {
  const name = "bm25";
  return {
    name,
    search: async (question, limit) => toHits(name, await store.search({ by: { text: question }, limit })),
  };
}
