import type { Chunk, ChunkStore, IndexedDocument, IndexGeneration } from "../../contracts/index.ts";
import { chunkText } from "../../documents/index.ts";

/** The plainest ChunkStore: every vector compared, BM25 by its formula. What the real one is measured against. */
export function memoryStore(): ChunkStore {
  const indexed = new Map<string, IndexedDocument>();
  let generation: IndexGeneration | undefined;
  const rows = () =>
    [...indexed.values()].flatMap(({ chunks, vectors }) =>
      chunks.map((chunk, index) => ({ chunk, vector: vectors[index]! })),
    );
  return {
    documents: async () => new Map([...indexed].map(([id, { hash }]) => [id, hash])),
    generation: async () => generation,
    apply: async ({ upsert, remove }) => {
      if (upsert.length + remove.length === 0) return;
      generation = { number: (generation?.number ?? 0) + 1, startedMs: Date.now() };
      for (const id of remove) indexed.delete(id);
      for (const document of upsert) indexed.set(document.documentId, document);
    },
    search: async ({ by, limit, documentIds }) => {
      const scored =
        "vector" in by
          ? rows().map(({ chunk, vector }) => ({ chunk, score: dot(by.vector, vector) }))
          : bm25(
              by.text,
              rows().map(({ chunk }) => chunk),
            );
      return scored
        .filter(({ chunk }) => !documentIds || documentIds.includes(chunk.documentId))
        .sort((a, b) => b.score - a.score || (a.chunk.id < b.chunk.id ? -1 : 1))
        .slice(0, limit);
    },
    close: async () => {},
  };
}

/** Robertson and Zaragoza 2009, with Lucene's idf: ln(1 + (N - n + 0.5) / (n + 0.5)); k1 = 1.2, b = 0.75. No stems. */
function bm25(query: string, chunks: Chunk[]): { chunk: Chunk; score: number }[] {
  const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const texts = chunks.map((chunk) => words(chunkText(chunk)));
  const average = texts.reduce((sum, text) => sum + text.length, 0) / Math.max(1, texts.length);
  const scores = texts.map(() => 0);
  for (const word of new Set(words(query))) {
    const counts = texts.map((text) => text.filter((other) => other === word).length);
    const holders = counts.filter((count) => count > 0).length;
    const idf = Math.log(1 + (texts.length - holders + 0.5) / (holders + 0.5));
    for (const [index, count] of counts.entries()) {
      const length = texts[index]!.length / average;
      scores[index]! += (idf * count * 2.2) / (count + 1.2 * (0.25 + 0.75 * length));
    }
  }
  return chunks.map((chunk, index) => ({ chunk, score: scores[index]! })).filter(({ score }) => score > 0);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}
