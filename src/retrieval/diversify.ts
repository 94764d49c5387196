import type { Embedder, Hit } from "../contracts/index.ts";
import { chunkText } from "../documents/index.ts";
import { dot } from "../vectors/index.ts";

/** So many of the best are chosen from. */
const considered = 30;

/**
 * Maximal marginal relevance: each next hit is the one with the greatest `lambda` times its relevance less the rest times
 * its likeness to those already taken. (Carbonell, Goldstein, SIGIR 1998.) Relevance is the score, stretched from 0 to 1
 * over the hits; likeness the cosine of the passages' vectors. Scores and ranks stay.
 */
export async function diversify(
  hits: Hit[],
  limit: number,
  lambda: number,
  embedder: Embedder,
): Promise<Hit[]> {
  const pool = hits.slice(0, Math.max(considered, limit));
  if (pool.length < 2) return hits;
  const vectors = await embedder.embed(
    pool.map(({ chunk }) => chunkText(chunk)),
    { as: "passage" },
  );
  const [most, least] = [pool[0]!.score, pool.at(-1)!.score];
  const relevance = pool.map(({ score }) => (most === least ? 1 : (score - least) / (most - least)));
  const likest = pool.map(() => 0);
  const left = new Set(pool.keys());
  const taken: number[] = [];
  while (left.size > 0) {
    const worth = (place: number): number => lambda * relevance[place]! - (1 - lambda) * likest[place]!;
    const next = [...left].reduce((best, place) => (worth(place) > worth(best) ? place : best));
    left.delete(next);
    taken.push(next);
    for (const place of left) likest[place] = Math.max(likest[place]!, dot(vectors[place]!, vectors[next]!));
  }
  return [...taken.map((place) => pool[place]!), ...hits.slice(pool.length)];
}
