import type { Hit } from "../contracts/index.ts";

/**
 * A convex mix of what vectors and words say: `denseWeight` times the cosine and the rest times BM25's score as a share of
 * the question's best. (Bruch, Gai, Ingber: "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023.) The
 * cosine is left as it is: where an embedder can't tell passages apart, as in a language that it doesn't know, all are
 * about as near, and the words decide; stretched to a range of its own, its noise would. A passage that words alone
 * found is at most as near as the last that vectors found; one that vectors alone found has next to none of the words.
 */
export function fuseScores(byVector: Hit[], byWords: Hit[], denseWeight: number): Hit[] {
  const least = byVector.at(-1)?.score ?? 0;
  const best = byWords[0]?.score ?? 1;
  const fused = new Map<string, Hit>();
  for (const hit of byVector) fused.set(hit.chunk.id, { ...hit, score: denseWeight * hit.score });
  for (const { chunk, score, ranks } of byWords) {
    const near = fused.get(chunk.id) ?? { chunk, score: denseWeight * least, ranks: {} };
    fused.set(chunk.id, {
      chunk,
      score: near.score + ((1 - denseWeight) * score) / best,
      ranks: { ...near.ranks, ...ranks },
    });
  }
  return [...fused.values()].sort((a, b) => b.score - a.score || (a.chunk.id < b.chunk.id ? -1 : 1));
}
