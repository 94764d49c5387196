import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Chunk, Embedder, IndexedDocument } from "../src/contracts/index.ts";
import { createRetriever, openLanceStore } from "../src/retrieval/index.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";

const dimensions = 384;
const clusters = 2000;
const wordsPerChunk = 120;
const vocabulary = 60_000;
const questions = 400;
const warmUp = 50;
/** As many as the retriever asks each search for. */
const candidates = 50;

/** Over 100,000 chunks. */
export const run = (): Promise<BenchResult> => searchOver("retrieve", 100_000);

/**
 * Hybrid search over chunks with vectors of 384 dimensions: the time of a question, from its vector and its
 * words to the ten best chunks (50 candidates by HNSW, 50 by BM25, fused), one at a time, the store just opened and
 * warmed by 50 questions; the embedding of the question is a row of the `embed` bench. Beside it, how many of the ten
 * nearest by exact comparison the vector search finds.
 *
 * The data is made up, with a fixed seed: vectors in 2,000 clusters, about as near to each other as those of passages
 * on one subject (cosine 0.5 to 0.7); texts of 120 words whose frequencies fall off as in English (Zipf), questions of
 * eight words of one text.
 */
export async function searchOver(bench: string, chunkCount: number): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), "lorag-bench-retrieve-"));
  try {
    return await measure(bench, folder, chunkCount);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(bench: string, folder: string, chunkCount: number): Promise<BenchResult> {
  const random = seeded(7);
  const centres = Array.from({ length: clusters }, () => unitVector(random));
  // Vectors are kept for the exact search; texts are made again where they are needed: a million would not fit.
  const all = new Float32Array(chunkCount * dimensions);
  const vectors = Array.from({ length: chunkCount }, (_, index) =>
    all.subarray(index * dimensions, (index + 1) * dimensions),
  );
  for (const vector of vectors) vector.set(near(centres[Math.floor(random() * clusters)]!, random));

  const options = { identity: "bench", dimensions };
  const writer = await openLanceStore(folder, options);
  const began = performance.now();
  for (let start = 0; start < chunkCount; start += 10_000) {
    const upsert = documentsOf(vectors, start, start + 10_000);
    await writer.apply({ upsert, remove: [], more: start + 10_000 < chunkCount });
  }
  const indexSeconds = (performance.now() - began) / 1000;
  await writer.close();

  const store = await openLanceStore(folder, options);
  const targets = Array.from({ length: questions + warmUp }, () => Math.floor(random() * chunkCount));
  const asked = targets.map((target) => {
    const words = textOf(target).split(" ");
    return {
      text: Array.from({ length: 8 }, () => words[Math.floor(random() * words.length)]).join(" "),
      vector: near(vectors[target]!, random),
    };
  });
  // The question's vector is at hand, so that the search alone is timed.
  const byText = new Map(asked.map(({ text, vector }) => [text, vector]));
  const embedder: Embedder = {
    identity: "bench",
    dimensions,
    embed: async (texts) => texts.map((text) => byText.get(text)!),
    close: async () => {},
  };
  const retrieve = createRetriever({ store, embedder });
  const times: number[] = [];
  for (const { text } of asked) {
    const start = performance.now();
    await retrieve(text, 10);
    times.push(performance.now() - start);
  }
  const sorted = times.slice(warmUp).sort((a, b) => a - b);
  const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1]!;

  let found = 0;
  const checked = asked.slice(0, 200);
  for (const { vector } of checked) {
    const hits = await store.search({ by: { vector }, limit: candidates });
    const exact = new Set(nearest(vectors, vector, 10));
    found += hits.slice(0, 10).filter(({ chunk }) => exact.has(Number(chunk.id))).length;
  }
  await store.close();
  const megabytes = process.resourceUsage().maxRSS / 1024;

  return {
    bench,
    machine: describeMachine(),
    rows: [
      {
        name: "hybrid-p95-ms",
        value: round(p95),
        unit: "ms, lower is better",
        ours: round(p95),
        peer: "none",
      },
      {
        name: "recall10",
        value: round(found / (10 * checked.length)),
        unit: "share of the exact ten nearest",
        ours: "HNSW-SQ, refined",
        peer: "exact",
      },
      {
        name: "build-minutes",
        value: round(indexSeconds / 60),
        unit: "minutes, vectors at hand, lower is better",
        ours: `${chunkCount} chunks`,
        peer: "none",
      },
      {
        name: "rss-mb",
        value: round(megabytes),
        unit: "MB at most, lower is better",
        ours: `of which the bench's own copy of the vectors is ${Math.round(all.byteLength / 2 ** 20)}`,
        peer: "none",
      },
    ],
  };
}

function textOf(chunk: number): string {
  const random = seeded(1000 + chunk);
  return Array.from({ length: wordsPerChunk }, () => zipfWord(random)).join(" ");
}

/** A hundred chunks a document. */
function documentsOf(vectors: Float32Array[], start: number, end: number): IndexedDocument[] {
  const documents: IndexedDocument[] = [];
  for (let first = start; first < end; first += 100) {
    const documentId = `document-${first}`;
    const chunks = Array.from({ length: 100 }, (_, index): Chunk => {
      const text = textOf(first + index);
      const at = index * text.length;
      return {
        id: String(first + index),
        documentId,
        title: "",
        headings: [],
        text,
        start: at,
        end: at + text.length,
      };
    });
    documents.push({ documentId, hash: "1", chunks, vectors: vectors.slice(first, first + 100) });
  }
  return documents;
}

function nearest(vectors: Float32Array[], query: Float32Array, count: number): number[] {
  const scores = new Float32Array(vectors.length);
  for (const [index, vector] of vectors.entries()) {
    let sum = 0;
    for (let at = 0; at < dimensions; at++) sum += vector[at]! * query[at]!;
    scores[index] = sum;
  }
  return [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!).slice(0, count);
}

function near(centre: Float32Array, random: () => number): Float32Array {
  const noise = unitVector(random);
  return normalise(centre.map((value, index) => value + 0.8 * noise[index]!));
}

function unitVector(random: () => number): Float32Array {
  // The sum of four uniform numbers is near enough to a normal one.
  return normalise(
    Float32Array.from({ length: dimensions }, () => random() + random() + random() + random() - 2),
  );
}

function normalise(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Word number n is drawn about 1/n as often as the first. */
function zipfWord(random: () => number): string {
  const rank = Math.floor(Math.exp(random() * Math.log(vocabulary)));
  return `w${rank.toString(36)}x`;
}

/** mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
