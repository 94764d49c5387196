import type { Chunk, Hit } from "./documents.ts";

/** Text to unit vectors. */
/** What a text is to its vector: models may have a prompt for each. */
export type EmbeddedAs = "query" | "passage";

export interface Embedder {
  /** Names the model and its arithmetic; an index made under another identity must be rebuilt. */
  readonly identity: string;
  readonly dimensions: number;
  /** What it reads of a text at most, without the marks around it; absent where that is not known. */
  readonly maxTokens?: number;
  /** Tokens of a text, without those marks; absent where they are not known. */
  readonly countTokens?: (text: string) => number;
  /** One L2-normalised vector of `dimensions` per text, in order. Longer texts are cut at the model's limit. */
  embed(
    texts: string[],
    /** Texts that are compared with one another, and none with passages, are all queries: the default. */
    options?: { as?: EmbeddedAs; signal?: AbortSignal; onProgress?: (done: number) => void },
  ): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/** One document's new content; replaces whatever the store had under the same document id. */
export interface IndexedDocument {
  documentId: string;
  hash: string;
  chunks: Chunk[];
  /** One per chunk, L2-normalised. */
  vectors: Float32Array[];
}

export interface ChunkQuery {
  /** Query vector for `vector` search, query text for `bm25`. */
  by: { vector: Float32Array } | { text: string };
  limit: number;
  /** Only passages for which this holds. */
  where?: Filter;
}

/** What passages are filtered by. */
export type FilterField = "documentId" | "title" | "language";

/** A condition on passages, as a tree: values are values, never part of a query language. */
export type Filter =
  | { field: FilterField; in: string[] }
  | { field: FilterField; startsWith: string }
  | { all: Filter[] }
  | { any: Filter[] }
  | { not: Filter };

/** One state of an index. */
export interface IndexGeneration {
  /** Grows with every change. */
  number: number;
  /** When the change that made it began; milliseconds since 1970. */
  startedMs: number;
}

/** Holds one index. Readers see all of an `apply` or nothing of it. */
export interface ChunkStore {
  /** Document id to content hash, of everything indexed. */
  documents(): Promise<Map<string, string>>;
  /** The index as it is now; undefined where nothing was indexed. */
  generation(): Promise<IndexGeneration | undefined>;
  /** `more` says that another change follows at once, so that work which only makes search faster may wait for it. */
  apply(change: { upsert: IndexedDocument[]; remove: string[]; more?: boolean }): Promise<void>;
  /** Best first. Vector scores are cosine similarities, text scores are BM25. */
  search(query: ChunkQuery): Promise<{ chunk: Chunk; score: number }[]>;
  close(): Promise<void>;
}

/** One way to find passages. */
export interface Searcher {
  /** The key of its ranks in `Hit.ranks`. */
  readonly name: string;
  /** At most `limit` hits, best first, each chunk once, with their ranks. */
  search(question: string, limit: number): Promise<Hit[]>;
}

/** Puts what was found in a better order. */
export interface Reranker {
  /** The same hits, best first, with scores of its own; ranks stay. */
  rerank(question: string, hits: Hit[]): Promise<Hit[]>;
}

/** Reads a question and a text together. */
export interface PairScorer {
  /** Names the model and its arithmetic. */
  readonly identity: string;
  /** How well each text answers the question, 0 to 1, in order. Longer texts are cut at the model's limit. */
  score(question: string, texts: string[]): Promise<number[]>;
  close(): Promise<void>;
}

/** What is searched for in place of a question: by its words and by its meaning. */
export interface Query {
  words: string;
  meaning: string;
}

/** The same function serves every arm that retrieves. Best first, at most `limit`. */
export type Retrieve = (question: string, limit: number) => Promise<Hit[]>;
