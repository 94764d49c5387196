import { expect, test } from "vitest";
import type { ChunkStore, Filter, IndexedDocument } from "../../contracts/index.ts";
import { hashVector } from "../hash-embedder.case.ts";

/** A document of one chunk for each text. */
export function indexedDocument(documentId: string, texts: string[], hash = "h1"): IndexedDocument {
  let start = 0;
  const chunks = texts.map((text, index) => {
    const chunk = {
      id: `${documentId}#${index}#${hash}`,
      documentId,
      title: "",
      headings: [],
      text,
      start,
      end: start + text.length,
    };
    start += text.length + 2;
    return chunk;
  });
  return { documentId, hash, chunks, vectors: texts.map((text) => hashVector(text)) };
}

/** What every ChunkStore must do. `open` gives an empty one, for vectors of 32 dimensions. */
export function testChunkStore(name: string, open: () => Promise<ChunkStore>): void {
  const texts = async (store: ChunkStore, text: string, where?: Filter) =>
    (await store.search({ by: { text }, limit: 10, ...(where && { where }) })).map(({ chunk }) => chunk.text);
  const near = async (store: ChunkStore, text: string, where?: Filter) =>
    (await store.search({ by: { vector: hashVector(text) }, limit: 3, ...(where && { where }) })).map(
      ({ chunk }) => chunk.text,
    );

  test(`${name}: an empty store finds nothing`, async () => {
    const store = await open();
    expect(await store.documents()).toEqual(new Map());
    expect(await texts(store, "ferry")).toEqual([]);
    expect(await near(store, "ferry")).toEqual([]);
    await store.apply({ upsert: [], remove: ["absent"] });
    await store.close();
  });

  test(`${name}: finds by words and by vector, whole chunks, best first`, async () => {
    const store = await open();
    const fares = indexedDocument("fares.md", ["ferry fare adult", "ferry fare child half"]);
    fares.chunks[1]!.title = "Fares";
    fares.chunks[1]!.headings = ["Children", "with \"quotes\" and 'more'"];
    await store.apply({ upsert: [fares, indexedDocument("dogs.md", ["a dog on the deck"])], remove: [] });
    expect(await texts(store, "child")).toEqual(["ferry fare child half"]);
    expect(await texts(store, "children")).toEqual(expect.arrayContaining(["ferry fare child half"])); // in a heading
    const [best] = await store.search({ by: { vector: fares.vectors[1]! }, limit: 1 });
    expect(best!.chunk).toEqual(fares.chunks[1]);
    expect(best!.score).toBeCloseTo(1, 5);
    const scores = (await store.search({ by: { text: "ferry dog" }, limit: 10 })).map(({ score }) => score);
    expect(scores).toHaveLength(3);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    await store.close();
  });

  test(`${name}: a changed document is replaced, a removed one leaves no trace`, async () => {
    const store = await open();
    const other = indexedDocument("b.md", ["tender boat"]);
    await store.apply({ upsert: [indexedDocument("a.md", ["canary one", "canary two"]), other], remove: [] });
    await store.apply({ upsert: [indexedDocument("a.md", ["sparrow"], "h2")], remove: [] });
    expect(await texts(store, "canary")).toEqual([]);
    expect(await texts(store, "sparrow")).toEqual(["sparrow"]);
    expect(await store.documents()).toEqual(
      new Map([
        ["a.md", "h2"],
        ["b.md", "h1"],
      ]),
    );
    await store.apply({ upsert: [], remove: ["a.md"] });
    expect(await texts(store, "sparrow canary")).toEqual([]);
    expect(await near(store, "sparrow")).toEqual(["tender boat"]);
    expect(await store.documents()).toEqual(new Map([["b.md", "h1"]]));
    await store.close();
  });

  test(`${name}: each change makes a generation with a higher number, and says when it began`, async () => {
    const store = await open();
    expect(await store.generation()).toBe(undefined);
    const began = Date.now();
    await store.apply({ upsert: [indexedDocument("a.md", ["alpha"])], remove: [] });
    const first = (await store.generation())!;
    expect(first.startedMs).toBeGreaterThanOrEqual(began);
    await store.apply({ upsert: [], remove: ["a.md"] });
    const second = (await store.generation())!;
    expect(second.number).toBeGreaterThan(first.number);
    expect(second.startedMs).toBeLessThanOrEqual(Date.now());
    await store.close();
  });

  test(`${name}: changes of which more follow are seen at once, and stay`, async () => {
    const store = await open();
    await store.apply({ upsert: [indexedDocument("a.md", ["alpha"])], remove: [], more: true });
    expect(await texts(store, "alpha")).toEqual(["alpha"]);
    await store.apply({ upsert: [indexedDocument("b.md", ["beta"])], remove: ["a.md"], more: true });
    await store.apply({ upsert: [], remove: [] });
    expect([await texts(store, "alpha"), await texts(store, "beta")]).toEqual([[], ["beta"]]);
    await store.close();
  });

  test(`${name}: filters by document, whatever its name, by conditions of any shape`, async () => {
    const store = await open();
    const names = ["it's.md", "' OR '1'='1", 'say "x".md', "back\\slash", "ünï/日本.md", "a%_b", "a.md"];
    await store.apply({ upsert: names.map((id) => indexedDocument(id, [`ferry to ${id}`])), remove: [] });
    for (const id of names) {
      for (const where of [
        { field: "documentId", in: [id] },
        { all: [{ field: "documentId", startsWith: id }, { not: { field: "documentId", in: ["absent"] } }] },
        { any: [{ field: "documentId", in: [id] }, { any: [] }] },
      ] satisfies Filter[]) {
        expect(await texts(store, "ferry", where)).toEqual([`ferry to ${id}`]);
        expect(await near(store, "ferry", where)).toEqual([`ferry to ${id}`]);
      }
    }
    expect(await texts(store, "ferry", { field: "documentId", in: [] })).toEqual([]);
    expect(await texts(store, "ferry", { field: "documentId", in: ["x' OR true --"] })).toEqual([]);
    expect(await texts(store, "ferry", { not: { field: "documentId", startsWith: "" } })).toEqual([]);
    expect(await texts(store, "ferry", { all: [] })).toHaveLength(names.length);
    await store.apply({ upsert: [], remove: ["' OR '1'='1"] });
    expect((await store.documents()).size).toBe(names.length - 1);
    await store.close();
  });

  test(`${name}: each passage is read in its language, and a question in all of them`, async () => {
    const store = await open();
    const german = "Für einen Hund zahlt man eine Hundegebühr von sieben Gulden, und er bleibt an der Leine.";
    const russian = "Расписание парома на зиму висит у причала, его меняют каждый год в ноябре.";
    const chinese = "末班渡轮晚上九点开，狗必须拴着。";
    const english = "The ferries leave from the north quay; part AB-1203/4 is kept in the cabin.";
    const digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    const passages = [german, russian, chinese, english, digest];
    await store.apply({
      upsert: passages.map((text, index) => indexedDocument(`${index}.md`, [text])),
      remove: [],
    });
    for (const [question, found] of [
      ["Was kostet die Gebühr für Hunde?", german],
      ["зимние паромы", russian],
      ["渡轮几点", chinese],
      ["ferry", english],
      ["AB-1203/4", english],
      ["AB 1203", english],
      [digest, digest],
      ["Gebu\u0308hr", german],
      ["fer\u200Bry", english],
    ]) {
      expect((await texts(store, question!))[0], question).toBe(found);
    }
    expect(await texts(store, "quay Hund", { field: "language", in: ["de"] })).toEqual([german]);
    await store.close();
  });

  test(`${name}: any question is a question, never a query language`, async () => {
    const store = await open();
    await store.apply({ upsert: [indexedDocument("a.md", ["ferry fare"])], remove: [] });
    for (const text of [
      "",
      "  ",
      '"unclosed',
      "a AND (b OR",
      "ferry^9 ~2 [x TO y]",
      "\0",
      "'; DROP TABLE",
      "🚢",
    ]) {
      const found = await texts(store, text);
      expect(found).toEqual(text.includes("ferry") ? ["ferry fare"] : []);
    }
    await store.close();
  });
}
