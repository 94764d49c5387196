import type { ChunkStore, Embedder, Reranker, Retrieve, Searcher } from "../contracts/index.ts";
import { dropCopies } from "./drop-copies.ts";
import { fuseHits } from "./fuse-hits.ts";
import { createBm25Searcher } from "./searchers/bm25-searcher.ts";
import { createVectorSearcher } from "./searchers/vector-searcher.ts";

export type RetrievalMode = "hybrid" | "vector" | "bm25";

/** How many of each search's best enter the fusion. */
const candidates = 50;

/** Which searches a mode makes. */
const searchersOf: Record<RetrievalMode, (store: ChunkStore, embedder: Embedder) => Searcher[]> = {
  hybrid: (store, embedder) => [createVectorSearcher(store, embedder), createBm25Searcher(store)],
  vector: (store, embedder) => [createVectorSearcher(store, embedder)],
  bm25: (store) => [createBm25Searcher(store)],
};

/**
 * One way to search a store: by vector, by words, or by both fused; then put in order by a reranker, if there is one.
 * Copies of a passage take one place.
 */
export function createRetriever(options: {
  store: ChunkStore;
  embedder: Embedder;
  mode?: RetrievalMode;
  reranker?: Reranker;
}): Retrieve {
  const { store, embedder, mode = "hybrid", reranker } = options;
  const searchers = searchersOf[mode](store, embedder);
  return async (question, limit) => {
    const depth = Math.max(candidates, limit);
    const lists = await Promise.all(searchers.map((searcher) => searcher.search(question, depth)));
    const found = lists.length === 1 ? lists[0]! : fuseHits(lists);
    const ranked = reranker ? await reranker.rerank(question, found) : found;
    return dropCopies(ranked).slice(0, limit);
  };
}
