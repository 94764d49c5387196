import type { ChunkStore, Embedder, Searcher } from "../../contracts/index.ts";
import { toHits } from "./to-hits.ts";

/** Passages whose vectors are near the question's. */
export function createVectorSearcher(store: ChunkStore, embedder: Embedder): Searcher {
  const name = "vector";
  return {
    name,
    search: async (question, limit) => {
      const [vector] = await embedder.embed([question]);
      return toHits(name, await store.search({ by: { vector: vector! }, limit }));
    },
  };
}
