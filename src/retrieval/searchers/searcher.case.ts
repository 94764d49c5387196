import { expect, test } from "vitest";
import type { ChunkStore, Searcher } from "../../contracts/index.ts";
import { indexedDocument } from "../store/chunk-store.case.ts";
import { memoryStore } from "../store/memory-store.case.ts";

/** What every Searcher must do. `open` makes one over the store, whose vectors are those of `hashEmbedder`. */
export function testSearcher(name: string, open: (store: ChunkStore) => Searcher): void {
  const texts = ["ferry fare adult", "ferry fare child half", "a dog on the deck", "cabin key"];
  const filled = async () => {
    const store = memoryStore();
    await store.apply({ upsert: [indexedDocument("a.md", texts)], remove: [] });
    return open(store);
  };

  test(`${name}: finds nothing where nothing is indexed`, async () => {
    expect(await open(memoryStore()).search("ferry", 5)).toEqual([]);
  });

  test(`${name}: hits best first, each once, with their ranks under its own name`, async () => {
    const searcher = await filled();
    const hits = await searcher.search("ferry fare child", 4);
    expect(hits[0]!.chunk.text).toBe("ferry fare child half");
    expect(hits.length).toBeGreaterThanOrEqual(2);
    expect(new Set(hits.map(({ chunk }) => chunk.id)).size).toBe(hits.length);
    const scores = hits.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(hits.map(({ ranks }) => ranks)).toEqual(hits.map((_, index) => ({ [searcher.name]: index + 1 })));
  });

  test(`${name}: at most as many as asked for; a blank question is one`, async () => {
    const searcher = await filled();
    expect(await searcher.search("ferry fare child", 1)).toHaveLength(1);
    for (const blank of ["", "  ", "?"])
      expect((await searcher.search(blank, 2)).length).toBeLessThanOrEqual(2);
  });
}
