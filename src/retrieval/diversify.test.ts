import { expect, test } from "vitest";
import type { Hit } from "../contracts/index.ts";
import { diversify } from "./diversify.ts";
import { hashEmbedder } from "./hash-embedder.case.ts";

const hit = (id: string, text: string, score: number): Hit => ({
  chunk: { id, documentId: id, title: "", headings: [], text, start: 0, end: text.length },
  score,
  ranks: { vector: 1 },
});
const hits = [
  hit("a", "the ferry fare for a dog is seven florins", 0.9),
  hit("b", "the ferry fare for a dog is seven florins now", 0.89),
  hit("c", "cabins are locked at midnight by the purser", 0.6),
  hit("d", "nothing else", 0.1),
];
const ids = async (lambda: number) =>
  (await diversify(hits, 2, lambda, hashEmbedder())).map(({ chunk }) => chunk.id);

test("what is nearly the same as a better hit comes after one that says something else", async () => {
  expect((await ids(0.5)).slice(0, 2)).toEqual(["a", "c"]);
});

test("with lambda 1 the order stays; no hit is lost", async () => {
  expect(await ids(1)).toEqual(["a", "b", "c", "d"]);
  expect((await ids(0)).toSorted()).toEqual(["a", "b", "c", "d"]);
  expect(await diversify([], 3, 0.5, hashEmbedder())).toEqual([]);
});
