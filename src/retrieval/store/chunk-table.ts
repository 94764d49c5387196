import {
  Field,
  FixedSizeList,
  Float32,
  makeData,
  makeVector,
  Schema,
  Table,
  Utf8,
  vectorFromArray,
  type Vector,
} from "apache-arrow";
import type { Chunk, IndexedDocument, LanguageCode } from "../../contracts/index.ts";
import { indexWords } from "./index-words.ts";

/**
 * A row a chunk. `chunk` is the whole of it as JSON: of each row found one column is read, not seven. The others are
 * for searching only: `words`, the tokens of header and text, by BM25; the rest are what a `Filter` reads.
 */
export function chunkSchema(dimensions: number): Schema {
  const text = (name: string): Field => new Field(name, new Utf8(), false);
  return new Schema([
    ...["documentId", "title", "language", "chunk", "words"].map(text),
    new Field("vector", new FixedSizeList(dimensions, new Field("item", new Float32(), true)), false),
  ]);
}

/** Documents' chunks as one Arrow table, a row each; at least one. With the languages they are in. */
export function toChunkTable(
  documents: IndexedDocument[],
  dimensions: number,
  language?: LanguageCode,
): { rows: Table; languages: LanguageCode[] } {
  const chunks = documents.flatMap((document) => document.chunks);
  const vectors = documents.flatMap((document) => document.vectors);
  const indexed = documents.flatMap((document) => indexWords(document.chunks, language));
  const flat = new Float32Array(chunks.length * dimensions);
  for (const [row, vector] of vectors.entries()) flat.set(vector, row * dimensions);
  const values = makeVector(flat);
  const schema = chunkSchema(dimensions);
  const { type: vectorType } = schema.fields.at(-1)!;
  const columns: Record<string, Vector> = {
    documentId: utf8(chunks.map((chunk) => chunk.documentId)),
    title: utf8(chunks.map((chunk) => chunk.title)),
    language: utf8(indexed.map((each) => each.language)),
    chunk: utf8(chunks.map((chunk) => JSON.stringify(chunk))),
    words: utf8(indexed.map(({ words }) => words)),
    vector: makeVector(
      makeData({ type: vectorType, length: chunks.length, nullCount: 0, child: values.data[0]! }),
    ),
  };
  const languages = new Set(indexed.flatMap((each) => each.language || []));
  return { rows: new Table(schema, columns), languages: [...languages] };
}

export const toChunk = (row: Record<string, unknown>): Chunk => JSON.parse(row["chunk"] as string) as Chunk;

function utf8(values: string[]): Vector {
  return vectorFromArray(values, new Utf8());
}
