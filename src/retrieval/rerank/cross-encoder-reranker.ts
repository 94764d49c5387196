import type { PairScorer, Reranker } from "../../contracts/index.ts";
import { chunkText } from "../../documents/index.ts";

/** Of what was found, those that are read together with the question; the rest comes after them. */
const read = 30;

/** Puts hits in the order in which a cross-encoder finds that they answer the question. Scores are its own, 0 to 1. */
export function createCrossEncoderReranker(scorer: PairScorer): Reranker {
  return {
    rerank: async (question, hits) => {
      if (hits.length === 0) return [];
      const first = hits.slice(0, read);
      const scores = await scorer.score(
        question,
        first.map(({ chunk }) => chunkText(chunk)),
      );
      const least = Math.min(...scores);
      return [
        ...first
          .map((hit, index) => ({ ...hit, score: scores[index]! }))
          .sort((a, b) => b.score - a.score || (a.chunk.id < b.chunk.id ? -1 : 1)),
        // Below all that were read, in the order in which they were found.
        ...hits.slice(read).map((hit, index) => ({ ...hit, score: least / (index + 2) })),
      ];
    },
  };
}
