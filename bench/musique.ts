import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Chunk, Embedder, Retrieve } from "../src/contracts/index.ts";
import { buildGraph, createGraphSearcher } from "../src/graph/index.ts";
import { seededRandom } from "../src/random/index.ts";
import { createRetriever, openLanceStore } from "../src/retrieval/index.ts";
import { readMuSiQue, recall5, type MuSiQue } from "./musique-data.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";
import { openCachedEmbedder } from "./vector-cache.ts";

/**
 * Recall@5 on 100 multi-hop questions of MuSiQue over 1,890 passages, through the product's own store, searchers and
 * graph, with the settings that it has by default: those of the graph are published ones (HippoRAG 2's passages found by
 * vectors, half of the walk's steps a jump), and what was left open was chosen on the questions of even number.
 */
export async function run(): Promise<BenchResult> {
  const data = readMuSiQue();
  const embedder = await openCachedEmbedder();
  const folder = mkdtempSync(join(tmpdir(), "lorag-bench-musique-"));
  try {
    const { bm25, dense, hybrid, graph } = await scoreAll(data, embedder, folder);
    const best = mean(dense) > mean(hybrid) ? dense : hybrid;
    const gains = graph.map((value, index) => value - best[index]!);
    const odd = gains.filter((_, index) => index % 2 === 1);
    const row = (name: string, scores: number[]): BenchResult["rows"][number] => ({
      name,
      value: round(mean(scores)),
      unit: "R@5",
      ours: round(mean(scores)),
      peer: "none",
    });
    return {
      bench: "musique",
      machine: describeMachine(),
      rows: [
        row("bm25", bm25),
        row("dense", dense),
        row("hybrid", hybrid),
        row("graph", graph),
        {
          name: "gain",
          value: round(mean(gains)),
          unit: "R@5 of graph over the better of dense and hybrid",
          ours: `95% interval ${interval(gains)}; questions of odd number alone ${round(mean(odd))}, ${interval(odd)}`,
          peer: best === dense ? "dense" : "hybrid",
        },
      ],
    };
  } finally {
    await embedder.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function scoreAll(
  { passages, questions }: MuSiQue,
  embedder: Embedder,
  folder: string,
): Promise<Record<"bm25" | "dense" | "hybrid" | "graph", number[]>> {
  const chunks = passages.map(({ id, title, text }): Chunk => ({
    id,
    documentId: id,
    title,
    headings: [],
    text,
    start: 0,
    end: text.length,
  }));
  const vectors = await embedder.embed(chunks.map(({ title, text }) => `${title}\n${text}`));
  const store = await openLanceStore(folder, {
    identity: embedder.identity,
    dimensions: embedder.dimensions,
  });
  try {
    const upsert = chunks.map((chunk, row) => ({
      documentId: chunk.id,
      hash: "1",
      chunks: [chunk],
      vectors: [vectors[row]!],
    }));
    await store.apply({ upsert, remove: [] });
    const embed = (texts: string[]): Promise<Float32Array[]> => embedder.embed(texts);
    const retrieve = createRetriever({ store, embedder, mode: "vector" });
    const searcher = createGraphSearcher({
      graph: await buildGraph(chunks, { embed }),
      embed,
      base: { name: "vector", search: retrieve },
    });
    const score = async (find: Retrieve): Promise<number[]> => {
      const scores: number[] = [];
      for (const { text, gold } of questions) {
        const hits = await find(text, 5);
        scores.push(
          recall5(
            hits.map(({ chunk }) => chunk.id),
            gold,
          ),
        );
      }
      return scores;
    };
    return {
      bm25: await score(createRetriever({ store, embedder, mode: "bm25" })),
      dense: await score(retrieve),
      hybrid: await score(createRetriever({ store, embedder, mode: "hybrid" })),
      graph: await score(searcher.search),
    };
  } finally {
    await store.close();
  }
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The middle 95% of the means of 10,000 resamples. */
function interval(values: number[]): string {
  const random = seededRandom(7);
  const resampled = Array.from({ length: 10_000 }, () =>
    mean(values.map(() => values[Math.floor(random() * values.length)]!)),
  ).sort((a, b) => a - b);
  return `${round(resampled[250]!)} to ${round(resampled[9749]!)}`;
}
