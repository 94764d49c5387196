import { expect, test } from "vitest";
import type { Hit, Reranker } from "../../contracts/index.ts";

const texts = ["cabin key", "The quay is long. A ferry fare is half for a child.", "a dog on the deck"];
const hits: Hit[] = texts.map((text, index) => ({
  chunk: { id: `c${index}`, documentId: "a.md", title: "", headings: [], text, start: 0, end: text.length },
  score: 3 - index,
  ranks: { bm25: index + 1 },
}));

/** What every Reranker must do. */
export function testReranker(name: string, open: () => Reranker): void {
  test(`${name}: the same hits, best first, whatever their order; ranks stay`, async () => {
    const reranked = await open().rerank("ferry fare child", hits);
    expect(reranked[0]!.chunk.id).toBe("c1");
    expect(reranked.map(({ chunk }) => chunk.id).toSorted()).toEqual(["c0", "c1", "c2"]);
    const scores = reranked.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    for (const { chunk, ranks } of reranked)
      expect(ranks).toEqual(hits.find((hit) => hit.chunk === chunk)!.ranks);
    expect(await open().rerank("ferry fare child", hits.toReversed())).toEqual(reranked);
  });

  test(`${name}: nothing found stays nothing`, async () => {
    expect(await open().rerank("ferry", [])).toEqual([]);
  });
}
