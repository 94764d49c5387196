import type { Hit } from "../contracts/index.ts";
import { fuseRanks } from "./fuse-ranks.ts";

/** Lists of hits, each best first, as one: `score` is the fused score, `ranks` says what each search made of it. */
export function fuseHits(lists: Hit[][]): Hit[] {
  const ranks = new Map<string, Record<string, number>>();
  const chunks = new Map<string, Hit["chunk"]>();
  for (const { chunk, ranks: own } of lists.flat()) {
    chunks.set(chunk.id, chunk);
    ranks.set(chunk.id, { ...ranks.get(chunk.id), ...own });
  }
  const keys = lists.map((list) => list.map(({ chunk }) => chunk.id));
  return fuseRanks(keys).map(({ key, score }) => ({
    chunk: chunks.get(key)!,
    score,
    ranks: ranks.get(key)!,
  }));
}
