import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Document } from "../contracts/index.ts";
import { fuseRanks } from "./fuse-ranks.ts";
import { hashEmbedder } from "./hash-embedder.case.ts";
import { indexDocuments, indexIdentity } from "./index-documents.ts";
import { memoryStore } from "./store/memory-store.case.ts";
import { createRetriever } from "./retrieve.ts";

test("fusion by hand: 1/61 + 1/62 for first and second, ties by key", () => {
  expect(
    fuseRanks([
      ["a", "b"],
      ["b", "c"],
    ]),
  ).toEqual([
    { key: "b", score: 1 / 62 + 1 / 61 },
    { key: "a", score: 1 / 61 },
    { key: "c", score: 1 / 62 },
  ]);
  expect(fuseRanks([["b"], ["a"]]).map(({ key }) => key)).toEqual(["a", "b"]);
});

test("fusion: all keys once, whatever the order of the lists; what is first in all is first", () => {
  const list = fc.uniqueArray(fc.string({ maxLength: 3 }), { maxLength: 20 });
  fc.assert(
    fc.property(list, list, (one, two) => {
      const fused = fuseRanks([one, two]).map(({ key }) => key);
      expect(fused.toSorted()).toEqual([...new Set([...one, ...two])].toSorted());
      expect(fuseRanks([two, one]).map(({ key }) => key)).toEqual(fused);
      expect(
        fuseRanks([
          ["first", ...one],
          ["first", ...two],
        ])[0]!.key,
      ).toBe("first");
    }),
  );
});

const document = (id: string, text: string, hash = text): Document => ({
  id,
  title: id,
  text,
  headings: [],
  hash,
});
const index = async (documents: Document[], store = memoryStore(), embedder = hashEmbedder()) => {
  const counts = await indexDocuments({ documents, store, embedder, chunking: { targetTokens: 50 } });
  return { counts, store, embedder };
};

test("each way of searching gives its ranks", async () => {
  const documents = ["ferry fare", "ferry dog", "cabin key"].map((text, number) =>
    document(`d${number}`, text),
  );
  const { store, embedder } = await index(documents);
  const ids = async (mode: "hybrid" | "vector" | "bm25") =>
    (await createRetriever({ store, embedder, mode })("ferry dog", 2)).map((hit) => ({
      id: hit.chunk.documentId,
      ranks: hit.ranks,
    }));
  expect(await ids("bm25")).toEqual([
    { id: "d1", ranks: { bm25: 1 } },
    { id: "d0", ranks: { bm25: 2 } },
  ]);
  expect((await ids("vector"))[0]).toEqual({ id: "d1", ranks: { vector: 1 } });
  expect((await ids("hybrid"))[0]).toEqual({ id: "d1", ranks: { vector: 1, bm25: 1 } });
});

test("copies of a passage take one place; one that differs by a figure is none", async () => {
  const page =
    "Dogs pay 7 florins on the ferry and stay on a lead, even where nobody else stands on the deck.";
  const { store, embedder } = await index([
    document("a", page),
    document("b", page.toUpperCase().replaceAll(" ", "\n ")),
    document("c", `${page} (Copy)`),
    document("d", page.replace("7", "8")),
    document("e", "Cats are on the ferry, too."),
  ]);
  for (const mode of ["hybrid", "vector", "bm25"] as const) {
    const hits = await createRetriever({ store, embedder, mode })("What do dogs pay on the ferry?", 3);
    const ids = hits.map(({ chunk }) => chunk.documentId).sort();
    expect([mode, ids]).toEqual([mode, [expect.stringMatching(/[abc]/), "d", "e"]]);
  }
});

test("only what changed is embedded; what is gone is removed", async () => {
  const [a, b, c] = [document("a", "one"), document("b", "two"), document("c", "three")];
  const { counts, store, embedder } = await index([a, b]);
  expect(counts).toEqual({ added: 2, changed: 0, removed: 0, unchanged: 0, chunks: 2 });
  embedder.embedded.length = 0;
  const second = await index([a, document("b", "two, changed"), c], store, embedder);
  expect(second.counts).toEqual({ added: 1, changed: 1, removed: 0, unchanged: 1, chunks: 2 });
  expect(embedder.embedded).toEqual(["b\ntwo, changed", "c\nthree"]);
  const third = await index([c], store, embedder);
  expect(third.counts).toEqual({ added: 0, changed: 0, removed: 2, unchanged: 1, chunks: 0 });
  expect(embedder.embedded).toHaveLength(2);
  expect(await store.search({ by: { text: "one two changed" }, limit: 9 })).toEqual([]);
});

test("an interrupted run keeps its finished batches and goes on from there", async () => {
  const text = "A sentence of some words that takes its place here. ".repeat(300);
  const documents = Array.from({ length: 40 }, (_, number) => document(`d${number}`, text + number));
  const store = memoryStore();
  const interrupted = hashEmbedder();
  const abort = new AbortController();
  const { embed } = interrupted;
  let calls = 0;
  interrupted.embed = async (texts, options) => {
    if (++calls === 2) abort.abort(new Error("Ctrl-C"));
    return embed(texts, options);
  };
  const request = { documents, store, chunking: { targetTokens: 50 } };
  await expect(indexDocuments({ ...request, embedder: interrupted, signal: abort.signal })).rejects.toThrow(
    "Ctrl-C",
  );
  const kept = (await store.documents()).size;
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(40);
  const progress: number[] = [];
  const counts = await indexDocuments({
    ...request,
    embedder: hashEmbedder(),
    onProgress: ({ done, total }) => progress.push(done / total!),
  });
  expect(counts.unchanged).toBe(kept);
  expect(counts.added).toBe(40 - kept);
  expect(progress.at(-1)).toBe(1);
});

test("the identity of an index names all that its vectors depend on", () => {
  const identities = [
    indexIdentity("m", "100", undefined),
    indexIdentity("n", "100", undefined),
    indexIdentity("m", "200", undefined),
    indexIdentity("m", "100", "de"),
  ];
  expect(new Set(identities).size).toBe(4);
});
