import {
  Field,
  FixedSizeList,
  Float32,
  Int32,
  makeData,
  makeVector,
  Schema,
  Table,
  Utf8,
  vectorFromArray,
  type Vector,
} from "apache-arrow";
import type { Chunk, IndexedDocument } from "../contracts/index.ts";
import { chunkHeader } from "../documents/index.ts";

/** The columns that make up a Chunk; `words` (header and text, for BM25) and `vector` are for searching only. */
export const chunkColumns = ["id", "documentId", "title", "headings", "text", "start", "end"];

export function chunkSchema(dimensions: number): Schema {
  const text = (name: string): Field => new Field(name, new Utf8(), false);
  const offset = (name: string): Field => new Field(name, new Int32(), false);
  return new Schema([
    ...["id", "documentId", "title", "headings", "text"].map(text),
    ...["start", "end"].map(offset),
    text("words"),
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
    id: utf8(chunks.map((chunk) => chunk.id)),
    documentId: utf8(chunks.map((chunk) => chunk.documentId)),
    title: utf8(chunks.map((chunk) => chunk.title)),
    headings: utf8(chunks.map((chunk) => JSON.stringify(chunk.headings))),
    text: utf8(chunks.map((chunk) => chunk.text)),
    start: makeVector(Int32Array.from(chunks, (chunk) => chunk.start)),
    end: makeVector(Int32Array.from(chunks, (chunk) => chunk.end)),
    words: utf8(chunks.map((chunk) => `${chunkHeader(chunk)}\n${chunk.text}`)),
    vector: makeVector(
      makeData({ type: vectorType, length: chunks.length, nullCount: 0, child: values.data[0]! }),
    ),
  };
  return new Table(schema, columns);
}

export function toChunk(row: Record<string, unknown>): Chunk {
  return {
    id: row["id"] as string,
    documentId: row["documentId"] as string,
    title: row["title"] as string,
    headings: JSON.parse(row["headings"] as string) as string[],
    text: row["text"] as string,
    start: row["start"] as number,
    end: row["end"] as number,
  };
}

/** `column IN ('…')`; a quote inside a value is doubled, which is all that SQL string literals need. */
export function inList(column: string, values: string[]): string {
  if (values.length === 0) return "false";
  return `${column} IN (${values.map((value) => `'${value.replaceAll("'", "''")}'`).join(", ")})`;
}

function utf8(values: string[]): Vector {
  return vectorFromArray(values, new Utf8());
}
