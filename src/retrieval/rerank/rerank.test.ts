import { expect, test } from "vitest";
import type { Hit, PairScorer } from "../../contracts/index.ts";
import { hashEmbedder } from "../hash-embedder.case.ts";
import { createCrossEncoderReranker } from "./cross-encoder-reranker.ts";
import { testReranker } from "./reranker.case.ts";
import { createSentenceReranker } from "./sentence-reranker.ts";

/** The share of the question's words that a text has. */
const sharedWords: PairScorer = {
  identity: "shared words",
  score: async (question, texts) => {
    const words = question.split(" ");
    return texts.map((text) => words.filter((word) => text.includes(word)).length / words.length);
  },
  close: async () => {},
};

testReranker("by sentences", () => createSentenceReranker(hashEmbedder()));
testReranker("by a cross-encoder", () => createCrossEncoderReranker(sharedWords));

test("what a cross-encoder does not read stays behind what it reads, in its order", async () => {
  const hits = Array.from({ length: 40 }, (_, index): Hit => {
    const text = index === 29 ? "ferry fare" : index < 30 ? `ferry ${index}` : `fare ferry ${index}`;
    return {
      chunk: { id: `c${index}`, documentId: "a", title: "", headings: [], text, start: 0, end: text.length },
      score: 1 - index / 100,
      ranks: {},
    };
  });
  const ids = (await createCrossEncoderReranker(sharedWords).rerank("ferry fare", hits)).map(
    ({ chunk }) => chunk.id,
  );
  expect(ids[0]).toBe("c29");
  expect(ids.slice(30)).toEqual(hits.slice(30).map(({ chunk }) => chunk.id));
});
