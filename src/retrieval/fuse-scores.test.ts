import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Hit } from "../contracts/index.ts";
import { fuseScores } from "./fuse-scores.ts";

const hits = (name: string, scores: Record<string, number>): Hit[] =>
  Object.entries(scores).map(([id, score], index) => ({
    chunk: { id, documentId: id, title: "", headings: [], text: id, start: 0, end: 1 },
    score,
    ranks: { [name]: index + 1 },
  }));
const fuse = (dense: Record<string, number>, words: Record<string, number>, weight: number) =>
  fuseScores(hits("vector", dense), hits("bm25", words), weight).map(
    ({ chunk, score }) => [chunk.id, Number(score.toFixed(6))] as const,
  );

test("by hand: cosines as they are, BM25 as a share of the best, the least cosine for what words alone found", () => {
  expect(fuse({ a: 0.8, b: 0.4 }, { b: 12, c: 6 }, 0.75)).toEqual([
    ["a", 0.6],
    ["b", 0.55],
    ["c", 0.425],
  ]);
});

test("an embedder that finds everything alike leaves the order to the words", () => {
  const order = fuse({ x: 0.91, y: 0.905, a: 0.9, b: 0.9 }, { b: 9, a: 5, x: 1 }, 0.7).map(([id]) => id);
  expect(order.slice(0, 2)).toEqual(["b", "a"]);
});

test("either list may be empty, and each end of the weight is one search's own order", () => {
  const list = fc.uniqueArray(
    fc.tuple(
      fc.string({ minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 100 }).map((score) => score / 100),
    ),
    {
      maxLength: 12,
      selector: ([key]) => key,
    },
  );
  const sorted = (pairs: [string, number][]) =>
    Object.fromEntries(pairs.map(([key, score]) => [`k${key}`, score] as const).sort((a, b) => b[1] - a[1]));
  fc.assert(
    fc.property(list, list, (one, two) => {
      const [dense, words] = [sorted(one), sorted(two)];
      const all = fuse(dense, words, 0.5).map(([id]) => id);
      expect(all.toSorted()).toEqual([...new Set([...Object.keys(dense), ...Object.keys(words)])].toSorted());
      const strict = (scores: Record<string, number>, order: string[]): void => {
        const own = order.flatMap((id) => scores[id] ?? []);
        expect(own).toEqual(own.toSorted((a, b) => b - a));
      };
      strict(
        dense,
        fuseScores(hits("vector", dense), hits("bm25", words), 1).map(({ chunk }) => chunk.id),
      );
      strict(
        words,
        fuseScores(hits("vector", dense), hits("bm25", words), 0).map(({ chunk }) => chunk.id),
      );
    }),
  );
});
