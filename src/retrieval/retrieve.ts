import type {
  ChunkStore,
  Embedder,
  Hit,
  Query,
  Reranker,
  RetrievalSettings,
  Retrieve,
  Searcher,
} from "../contracts/index.ts";
import { diversify } from "./diversify.ts";
import { dropCopies } from "./drop-copies.ts";
import { fuseHits } from "./fuse-hits.ts";
import { fuseScores } from "./fuse-scores.ts";
import { createBm25Searcher } from "./searchers/bm25-searcher.ts";
import { createVectorSearcher } from "./searchers/vector-searcher.ts";

export type RetrievalMode = RetrievalSettings["mode"];

/** How many of each search's best enter the fusion. */
const candidates = 50;
/** What `retrieval.dense_weight` is by default. */
const usualWeight = 0.7;

export interface RetrieverOptions {
  store: ChunkStore;
  embedder: Embedder;
  mode?: RetrievalMode;
  /** How `hybrid` makes one list of two. */
  fusion?: RetrievalSettings["fusion"];
  denseWeight?: number;
  reranker?: Reranker;
  /** The lambda of maximal marginal relevance; absent: none. */
  diversity?: number;
  /** What is searched for in place of a question. */
  rewrite?: (question: string) => Promise<Query>;
}

/**
 * One way to search a store: by vector, by words, or by both fused; then put in order by a reranker, if there is one, and
 * spread over what differs, if that is asked for. Copies of a passage take one place.
 */
export function createRetriever(options: RetrieverOptions): Retrieve {
  const { store, embedder, mode = "hybrid", reranker, diversity, rewrite } = options;
  const { fusion = "convex", denseWeight = usualWeight } = options;
  const byMeaning = createVectorSearcher(store, embedder);
  const byWords = createBm25Searcher(store);
  const search = (searcher: Searcher, query: string, depth: number): Promise<Hit[]> =>
    searcher.search(query, depth);
  const find: Record<RetrievalMode, (query: Query, depth: number) => Promise<Hit[]>> = {
    vector: ({ meaning }, depth) => search(byMeaning, meaning, depth),
    bm25: ({ words }, depth) => search(byWords, words, depth),
    hybrid: async ({ meaning, words }, depth) => {
      const lists = await Promise.all([search(byMeaning, meaning, depth), search(byWords, words, depth)]);
      return fusion === "rrf" ? fuseHits(lists) : fuseScores(...lists, denseWeight);
    },
  };
  return async (question, limit) => {
    const query = rewrite ? await rewrite(question) : { words: question, meaning: question };
    const found = await find[mode](query, Math.max(candidates, limit));
    const ranked = reranker ? await reranker.rerank(question, found) : found;
    const apart = dropCopies(ranked);
    const spread = diversity === undefined ? apart : await diversify(apart, limit, diversity, embedder);
    return spread.slice(0, limit);
  };
}
