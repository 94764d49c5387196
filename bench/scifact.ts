import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { Embedder, Hit, IndexedDocument } from "../src/contracts/index.ts";
import { createEmbedder, type EmbedderOptions } from "../src/inference/index.ts";
import { resolveModel } from "../src/models/index.ts";
import { createRetriever, openLanceStore, type RetrievalMode } from "../src/retrieval/index.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";
import { ndcg10, readSciFact, type SciFact } from "./scifact-data.ts";

const modelName = "sentence-transformers/all-MiniLM-L6-v2";
/** The model's own limit is 256; BEIR's figures for it are taken there. */
const maxTokens = 256;

/**
 * nDCG@10 on SciFact (300 claims, 5,183 abstracts, one passage each) through the product's own store and retriever:
 * hybrid with vectors as the product makes them unless told otherwise (int8), and by vectors alone in f32 beside those
 * of sentence-transformers, searched the same way.
 */
export async function run(): Promise<BenchResult> {
  const data = readSciFact();
  const model = await resolveModel(modelName);
  const int8 = await scoreModel(data, { model, arithmetic: "int8" }, ["hybrid", "vector", "bm25"]);
  const f32 = await scoreModel(data, { model, arithmetic: "f32" }, ["hybrid", "vector"]);
  const peer = await score(data, await peerEmbedder(model.folder, data), ["hybrid", "vector"]);
  return {
    bench: "scifact",
    machine: describeMachine(),
    rows: [
      {
        name: "scifact-hybrid-ndcg10",
        value: round(int8.hybrid),
        unit: "nDCG@10",
        ours: `int8 ${round(int8.hybrid)}, f32 ${round(f32.hybrid)}; BM25 alone ${round(int8.bm25)}`,
        peer: `vectors of sentence-transformers ${round(peer.hybrid)}`,
      },
      {
        name: "scifact-dense-gap",
        value: round(Math.abs(f32.vector - peer.vector)),
        unit: "nDCG@10 in f32, absolute difference, lower is better",
        ours: `${round(f32.vector)} (int8 ${round(int8.vector)})`,
        peer: round(peer.vector),
      },
    ],
  };
}

async function scoreModel<Mode extends RetrievalMode>(
  data: SciFact,
  options: EmbedderOptions,
  modes: Mode[],
): Promise<Record<Mode, number>> {
  const embedder = await createEmbedder(options);
  try {
    return await score(data, embedder, modes);
  } finally {
    await embedder.close();
  }
}

async function score<Mode extends RetrievalMode>(
  data: SciFact,
  embedder: Embedder,
  modes: Mode[],
): Promise<Record<Mode, number>> {
  const folder = mkdtempSync(join(tmpdir(), "lorag-bench-scifact-"));
  const store = await openLanceStore(folder, {
    identity: embedder.identity,
    dimensions: embedder.dimensions,
  });
  try {
    await store.apply({ upsert: await index(data, embedder), remove: [] });
    const scores = {} as Record<Mode, number>;
    for (const mode of modes) {
      const retrieve = createRetriever({ store, embedder, mode });
      let sum = 0;
      for (const { id, text } of data.queries) {
        const hits: Hit[] = await retrieve(text, 10);
        sum += ndcg10(
          hits.map(({ chunk }) => chunk.documentId),
          data.relevance.get(id)!,
        );
      }
      scores[mode] = sum / data.queries.length;
    }
    return scores;
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function index({ documents }: SciFact, embedder: Embedder): Promise<IndexedDocument[]> {
  const vectors = await embedder.embed(documents.map(passage));
  return documents.map(({ id, title, text }, row) => ({
    documentId: id,
    hash: "1",
    chunks: [{ id, documentId: id, title, headings: [], text, start: 0, end: text.length }],
    vectors: [vectors[row]!],
  }));
}

const passage = ({ title, text }: { title: string; text: string }): string => `${title} ${text}`.trim();

/** Vectors of sentence-transformers for all texts of the data, looked up. */
async function peerEmbedder(model: string, data: SciFact): Promise<Embedder> {
  const texts = [...data.documents.map(passage), ...data.queries.map(({ text }) => text)];
  const bytes = await runPeer(JSON.stringify({ model, texts, max_tokens: maxTokens }));
  const flat = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const dimensions = flat.length / texts.length;
  const rows = new Map(
    texts.map((text, row) => [text, flat.subarray(row * dimensions, (row + 1) * dimensions)]),
  );
  return {
    identity: "sentence-transformers",
    dimensions,
    embed: async (wanted) => wanted.map((text) => Float32Array.from(rows.get(text)!)),
    close: async () => {},
  };
}

function runPeer(job: string): Promise<Buffer> {
  const python = join(process.env["LORAG_PEERS"] ?? join(homedir(), ".cache/lorag-peers"), "bin/python");
  const script = new URL("peers/embed_texts.py", import.meta.url).pathname;
  return new Promise((resolve, reject) => {
    const child = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
    const pieces: Buffer[] = [];
    child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) return reject(new Error(`embed_texts.py ended with code ${code}`));
      // A copy, since joined buffers need not begin at a multiple of four bytes.
      resolve(Buffer.from(new Uint8Array(Buffer.concat(pieces))));
    });
    child.stdin.end(job);
  });
}
