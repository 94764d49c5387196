import type { Embedder, Reranker } from "../../contracts/index.ts";
import { splitSentences } from "../../text/index.ts";
import { chunkHeader } from "../../documents/index.ts";
import { dot } from "../../vectors/index.ts";

/**
 * Puts first the hits of which one sentence is nearest to the question, by the embedder: a passage's own vector is the
 * mean of all it says, and an answer is one sentence of it. Scores are cosine similarities, -1 to 1. Each sentence is
 * embedded with the passage's header, since it seldom names what it is about.
 */
export function createSentenceReranker(embedder: Embedder): Reranker {
  return {
    rerank: async (question, hits) => {
      if (hits.length === 0) return [];
      const sentences = hits.flatMap(({ chunk }, index) =>
        [chunk.text, ...splitSentences(chunk.text)].map((text) => ({
          index,
          text: `${chunkHeader(chunk)}\n${text}`,
        })),
      );
      const [asked] = await embedder.embed([question]);
      const vectors = await embedder.embed(
        sentences.map(({ text }) => text),
        { as: "passage" },
      );
      const best = hits.map(() => -1);
      for (const [row, { index }] of sentences.entries()) {
        best[index] = Math.max(best[index]!, dot(asked!, vectors[row]!));
      }
      return hits
        .map((hit, index) => ({ ...hit, score: best[index]! }))
        .sort((a, b) => b.score - a.score || (a.chunk.id < b.chunk.id ? -1 : 1));
    },
  };
}
