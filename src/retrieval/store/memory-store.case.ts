import type {
  Chunk,
  ChunkStore,
  Filter,
  IndexedDocument,
  IndexGeneration,
  LanguageCode,
} from "../../contracts/index.ts";
import { questionTokens } from "../../text/index.ts";
import { indexWords } from "./index-words.ts";
import { partWeight } from "./lance-store.ts";
import { dot } from "../../vectors/index.ts";

/** The plainest ChunkStore: every vector compared, BM25 by its formula. What the real one is measured against. */
export function memoryStore(): ChunkStore {
  const indexed = new Map<string, IndexedDocument>();
  let generation: IndexGeneration | undefined;
  let rows: Row[] | undefined;
  const words = (): Row[] =>
    (rows ??= [...indexed.values()].flatMap(({ chunks }) =>
      indexWords(chunks).map((each, index) => ({
        chunk: chunks[index]!,
        words: each.words.split(" "),
        language: each.language,
      })),
    ));
  const nearTo = (vector: Float32Array) => {
    const vectors = [...indexed.values()].flatMap((document) => document.vectors);
    return words().map((row, index) => ({ row, score: dot(vector, vectors[index]!) }));
  };
  return {
    documents: async () => new Map([...indexed].map(([id, { hash }]) => [id, hash])),
    generation: async () => generation,
    apply: async ({ upsert, remove }) => {
      if (upsert.length + remove.length === 0) return;
      rows = undefined;
      generation = { number: (generation?.number ?? 0) + 1, startedMs: Date.now() };
      for (const id of remove) indexed.delete(id);
      for (const document of upsert) indexed.set(document.documentId, document);
    },
    search: async ({ by, limit, where }) => {
      const scored = "vector" in by ? nearTo(by.vector) : bm25(by.text, words());
      return scored
        .filter(({ row }) => !where || holds(where, row))
        .map(({ row: { chunk }, score }) => ({ chunk, score }))
        .sort((a, b) => b.score - a.score || (a.chunk.id < b.chunk.id ? -1 : 1))
        .slice(0, limit);
    },
    close: async () => {},
  };
}

interface Row {
  chunk: Chunk;
  words: string[];
  language: string;
}

/** Robertson and Zaragoza 2009, with Lucene's idf: ln(1 + (N - n + 0.5) / (n + 0.5)); k1 = 1.2, b = 0.75. */
function bm25(question: string, rows: Row[]): { row: Row; score: number }[] {
  const languages = [...new Set(rows.flatMap(({ language }) => language || []))] as LanguageCode[];
  const asked = questionTokens(question, languages);
  const average = rows.reduce((sum, { words }) => sum + words.length, 0) / Math.max(1, rows.length);
  const scores = rows.map(() => 0);
  const weights = [
    ...asked.words.map((word) => [word, 1] as const),
    ...asked.parts.map((part) => [part, partWeight] as const),
  ];
  for (const [word, weight] of weights) {
    const counts = rows.map(({ words }) => words.filter((other) => other === word).length);
    const holders = counts.filter((count) => count > 0).length;
    const idf = Math.log(1 + (rows.length - holders + 0.5) / (holders + 0.5));
    for (const [index, count] of counts.entries()) {
      const length = rows[index]!.words.length / average;
      scores[index]! += (weight * idf * count * 2.2) / (count + 1.2 * (0.25 + 0.75 * length));
    }
  }
  return rows.map((row, index) => ({ row, score: scores[index]! })).filter(({ score }) => score > 0);
}

/** Whether a condition holds for a row. */
function holds(filter: Filter, row: Row): boolean {
  if ("not" in filter) return !holds(filter.not, row);
  if ("all" in filter) return filter.all.every((each) => holds(each, row));
  if ("any" in filter) return filter.any.some((each) => holds(each, row));
  const value = filter.field === "language" ? row.language : row.chunk[filter.field];
  return "in" in filter ? filter.in.includes(value) : value.startsWith(filter.startsWith);
}
