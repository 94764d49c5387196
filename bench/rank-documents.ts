import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Document, Embedder, Hit, Retrieve } from "../src/contracts/index.ts";
import { createEmbedder } from "../src/inference/index.ts";
import { resolveModel } from "../src/models/index.ts";
import { createRetriever, indexDocuments, openLanceStore } from "../src/retrieval/index.ts";
import { cachedEmbedder } from "./cached-embedder.ts";

export type Mode = "hybrid" | "vector" | "bm25";

export interface Judged {
  question: string;
  /** Ids of the documents that answer it. */
  relevant: string[];
}

/** The product's default embedder, with its vectors kept on disk. */
export async function openEmbedder(): Promise<Embedder> {
  const model = await resolveModel("sentence-transformers/all-MiniLM-L6-v2");
  return cachedEmbedder(await createEmbedder({ model }));
}

/** As `chunk_tokens` is by default. */
export const targetTokens = 128;
/** Passages looked at for ten documents. */
const depth = 50;

/** Indexes documents as the product does and gives one way to search for each mode. */
export async function withIndex<Result>(
  documents: Document[],
  embedder: Embedder,
  use: (retrieve: Record<Mode, Retrieve>) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "lorag-bench-"));
  const { identity, dimensions } = embedder;
  const store = await openLanceStore(folder, { identity, dimensions });
  try {
    await indexDocuments({ documents, store, embedder, chunking: { targetTokens } });
    const retriever = (mode: Mode): Retrieve => createRetriever({ store, embedder, mode });
    return await use({
      hybrid: retriever("hybrid"),
      vector: retriever("vector"),
      bm25: retriever("bm25"),
    });
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ids of the documents of the passages found, best first. */
export async function rankDocuments(retrieve: Retrieve, question: string): Promise<string[]> {
  const hits: Hit[] = await retrieve(question, depth);
  return [...new Set(hits.map(({ chunk }) => chunk.documentId))];
}

/** Mean share of the relevant documents among the first k. */
export function recallAt(k: number, rankings: string[][], judged: Judged[]): number {
  return mean(judged.map((each, index) => recallOf(k, rankings[index]!, each)));
}

/** The share of the relevant documents of one question among the first k. */
export function recallOf(k: number, ranking: string[], { relevant }: Judged): number {
  const first = new Set(ranking.slice(0, k));
  return relevant.filter((id) => first.has(id)).length / relevant.length;
}

export const mean = (values: number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
