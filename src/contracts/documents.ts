/** A file after parsing: plain text with the offsets of its headings. */
export interface Document {
  /** Path relative to the documents folder, with forward slashes. Stable across runs. */
  id: string;
  title: string;
  /** The text that all offsets refer to (UTF-16 code units). */
  text: string;
  /** In reading order; `start` is where the heading's line begins in `text`. */
  headings: Heading[];
  /** SHA-256 of the file's bytes, hex. */
  hash: string;
}

export interface Heading {
  /** 1 is the top level. */
  level: number;
  text: string;
  start: number;
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
  /** The headings above the passage, outermost first. */
  headings: string[];
  /** `document.text.slice(start, end)`. */
  text: string;
  start: number;
  end: number;
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
