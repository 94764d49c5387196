/** A file after parsing: plain text, and the offsets of what gives it structure. */
export interface Document {
  /** Path relative to the documents folder, with forward slashes. Stable across runs. */
  id: string;
  title: string;
  /** The text that all offsets refer to (UTF-16 code units). */
  text: string;
  /** In reading order; `start` is where the heading's line begins in `text`. */
  headings: Heading[];
  /** Tables and code, in reading order; they do not overlap. */
  blocks?: Block[];
  /** Where each page, slide or sheet begins in `text`: page n at `pages[n - 1]`. Absent for formats without pages. */
  pages?: number[];
  /** Addresses that stretches of `text` led to, in reading order. */
  links?: Link[];
  /** What the parser left out or could not be sure of, a sentence each. */
  warnings?: string[];
  /** SHA-256 of the file's bytes, hex. */
  hash: string;
}

export interface Heading {
  /** 1 is the top level. */
  level: number;
  text: string;
  start: number;
}

/** A stretch of the text that reads other than prose. */
export interface Block {
  kind: "table" | "code";
  start: number;
  end: number;
  /** Of a table: its caption and header rows as they stand in the text, for passages that begin below them. */
  head?: string;
  /** Of a table with a head: where its first row of data begins. */
  bodyStart?: number;
}

export interface Link {
  start: number;
  end: number;
  href: string;
}

/** A document that was left out, and why. */
export interface SkippedDocument {
  id: string;
  code: `LORAG_${string}`;
  reason: string;
}

/** A passage that is embedded, retrieved and cited. */
export interface Chunk {
  /** Derived from the document id, the offsets and the text, so that the same passage keeps its id. */
  id: string;
  documentId: string;
  title: string;
  /** The headings above the passage, outermost first; of several sections, those of the longest. */
  headings: string[];
  /** `document.text.slice(start, end)`. */
  text: string;
  start: number;
  end: number;
  /** The page, slide or sheet that it begins on, from 1; absent for formats without pages. */
  page?: number;
  /** The caption and header rows of the table in whose middle the passage begins. */
  tableHead?: string;
  /** Where the passage crosses sections or pages: each stretch with its own, in order. */
  parts?: ChunkPart[];
}

/** A stretch of a passage under one section and on one page; it ends where the next begins. */
export interface ChunkPart {
  /** Offset in the document's text. */
  start: number;
  headings: string[];
  page?: number;
}

/** A retrieved chunk. */
export interface Hit {
  chunk: Chunk;
  score: number;
  /** Its 1-based rank in each search that found it, by the searcher's name. */
  ranks: Record<string, number>;
}

/** What a sentence of an answer rests on: its `[n]`, checked. */
export interface Citation {
  /** The n of `[n]`: 1-based place among the passages shown to the model. */
  marker: number;
  chunkId: string;
  documentId: string;
  title: string;
  /** Above the quote, outermost first. */
  headings: string[];
  /** Of the quote in the document's text; of the whole passage where it has none. */
  start: number;
  end: number;
  /** The part of the passage that bears the sentence out; empty where none does. */
  quote?: string;
  /** The sentence's place in the answer. */
  claim?: { start: number; end: number };
  /** Whether the cited passage bears the answer out: see retrieval/citations. */
  verdict: "supported" | "unsupported";
}
