import { expect, test } from "vitest";
import type { ChatModel, Document, GenerationRequest } from "../contracts/index.ts";
import { hashEmbedder } from "./hash-embedder.case.ts";
import { indexDocuments } from "./index-documents.ts";
import { createRetriever } from "./retrieve.ts";
import { createQueryRewriter } from "./rewrite-query.ts";
import { memoryStore } from "./store/memory-store.case.ts";

/** Says what it is told to. */
const saying = (text: string, asked: GenerationRequest[] = []): ChatModel => ({
  identity: "says",
  generate: async (request) => {
    asked.push(request);
    const usage = { promptTokens: 1, completionTokens: 1, cachedTokens: 0 };
    return { text, finishReason: "stop", usage, firstTokenMs: 1, totalMs: 1 };
  },
  countTokens: async () => 1,
  close: async () => {},
});

test("a rewritten query goes beside the question; an imagined passage is searched by meaning alone", async () => {
  const question = "What does Rex pay?";
  const asked: GenerationRequest[] = [];
  expect(await createQueryRewriter(saying(" dog fare\n", asked), "rewrite")(question)).toEqual({
    words: "What does Rex pay?\ndog fare",
    meaning: "What does Rex pay?\ndog fare",
  });
  expect(asked[0]!.messages.at(-1)).toEqual({ role: "user", content: question });
  expect(await createQueryRewriter(saying("A dog pays 7."), "hyde")(question)).toEqual({
    words: question,
    meaning: "What does Rex pay?\nA dog pays 7.",
  });
  expect(await createQueryRewriter(saying("  "), "hyde")(question)).toEqual({
    words: question,
    meaning: question,
  });
});

test("a retriever finds by the query what the question's own words miss", async () => {
  const documents = ["dog fare seven", "cabin key"].map((text, index): Document => ({
    id: `d${index}`,
    title: "",
    text,
    headings: [],
    hash: text,
  }));
  const [store, embedder] = [memoryStore(), hashEmbedder()];
  await indexDocuments({ documents, store, embedder, chunking: { targetTokens: 50 } });
  const rewrite = createQueryRewriter(saying("dog fare"), "rewrite");
  const found = async (options: object) =>
    (await createRetriever({ store, embedder, mode: "bm25", ...options })("What does Rex pay?", 1)).map(
      ({ chunk }) => chunk.documentId,
    );
  expect(await found({})).toEqual([]);
  expect(await found({ rewrite })).toEqual(["d0"]);
});
