import type { Chunk, ChunkStore, Embedder, Hit, Retrieve } from "../contracts/index.ts";
import { fuseRanks } from "./fuse.ts";

export type RetrievalMode = "hybrid" | "vector" | "bm25";

/** How many of each search's best enter the fusion. */
const candidates = 50;

/** One way to search a store, by vector, by words, or by both fused. */
export function createRetriever(options: {
  store: ChunkStore;
  embedder: Embedder;
  mode?: RetrievalMode;
}): Retrieve {
  const { store, embedder, mode = "hybrid" } = options;
  return async (question, limit) => {
    const depth = Math.max(candidates, limit);
    const [byVector, byText] = await Promise.all([
      mode === "bm25" ? [] : searchByVector(store, embedder, question, depth),
      mode === "vector" ? [] : store.search({ by: { text: question }, limit: depth }),
    ]);
    if (mode === "vector")
      return byVector.slice(0, limit).map((found, index) => ({ ...found, vectorRank: index + 1 }));
    if (mode === "bm25")
      return byText.slice(0, limit).map((found, index) => ({ ...found, bm25Rank: index + 1 }));
    return fuseHits(byVector, byText).slice(0, limit);
  };
}

type Found = { chunk: Chunk; score: number };

async function searchByVector(
  store: ChunkStore,
  embedder: Embedder,
  question: string,
  limit: number,
): Promise<Found[]> {
  const [vector] = await embedder.embed([question]);
  return store.search({ by: { vector: vector! }, limit });
}

/** `score` is the fused score; the ranks say what each search made of the chunk. */
function fuseHits(byVector: Found[], byText: Found[]): Hit[] {
  const rank = (found: Found[]) => new Map(found.map(({ chunk }, index) => [chunk.id, index + 1]));
  const vectorRanks = rank(byVector);
  const textRanks = rank(byText);
  const chunks = new Map([...byVector, ...byText].map(({ chunk }) => [chunk.id, chunk]));
  return fuseRanks([[...vectorRanks.keys()], [...textRanks.keys()]]).map(({ key, score }) => {
    const vectorRank = vectorRanks.get(key);
    const bm25Rank = textRanks.get(key);
    return {
      chunk: chunks.get(key)!,
      score,
      ...(vectorRank && { vectorRank }),
      ...(bm25Rank && { bm25Rank }),
    };
  });
}
