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
import type { Chunk, IndexedDocument } from "../../contracts/index.ts";
import { chunkText } from "../../documents/index.ts";

/**
 * A row a chunk. `chunk` is the whole of it as JSON: of each row found one column is read, not seven. The others are
 * for searching only: `words` (header and text) by BM25.
 */
export function chunkSchema(dimensions: number): Schema {
  const text = (name: string): Field => new Field(name, new Utf8(), false);
  return new Schema([
    ...["documentId", "chunk", "words"].map(text),
    new Field("vector", new FixedSizeList(dimensions, new Field("item", new Float32(), true)), false),
  ]);
}

/** Documents' chunks as one Arrow table, a row each; at least one. */
export function toChunkTable(documents: IndexedDocument[], dimensions: number): Table {
  const chunks = documents.flatMap((document) => document.chunks);
  const vectors = documents.flatMap((document) => document.vectors);
  const flat = new Float32Array(chunks.length * dimensions);
  for (const [row, vector] of vectors.entries()) flat.set(vector, row * dimensions);
  const values = makeVector(flat);
  const schema = chunkSchema(dimensions);
  const { type: vectorType } = schema.fields.at(-1)!;
  const columns: Record<string, Vector> = {
    documentId: utf8(chunks.map((chunk) => chunk.documentId)),
    chunk: utf8(chunks.map((chunk) => JSON.stringify(chunk))),
    words: utf8(chunks.map(chunkText)),
    vector: makeVector(
      makeData({ type: vectorType, length: chunks.length, nullCount: 0, child: values.data[0]! }),
    ),
  };
  return new Table(schema, columns);
}

export const toChunk = (row: Record<string, unknown>): Chunk => JSON.parse(row["chunk"] as string) as Chunk;

/** `column IN ('…')`; a quote inside a value is doubled, which is all that SQL string literals need. */
export function inList(column: string, values: string[]): string {
  if (values.length === 0) return "false";
  return `${column} IN (${values.map((value) => `'${value.replaceAll("'", "''")}'`).join(", ")})`;
}

function utf8(values: string[]): Vector {
  return vectorFromArray(values, new Utf8());
}
