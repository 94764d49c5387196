import { readFileSync } from "node:fs";
import type { Document } from "../src/contracts/index.ts";
import {
  openEmbedder,
  rankDocuments,
  recallAt,
  withIndex,
  type Judged,
  type Mode,
} from "./rank-documents.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";

const folder = new URL("../../shared/data/musique100/", import.meta.url);

/** Recall at five of the supporting paragraphs of 100 questions of several steps, among 1,890. */
export async function run(): Promise<BenchResult> {
  const { documents, judged } = readMusique();
  const embedder = await openEmbedder();
  const recall = await withIndex(documents, embedder, async (retrieve) => {
    const all = {} as Record<Mode, number>;
    for (const mode of ["bm25", "vector", "hybrid"] as const) {
      const rankings = [];
      for (const { question } of judged) rankings.push(await rankDocuments(retrieve[mode], question));
      all[mode] = recallAt(5, rankings, judged);
    }
    return all;
  });
  await embedder.close();
  return {
    bench: "musique",
    machine: describeMachine(),
    rows: [
      {
        name: "hybrid",
        value: round(recall.hybrid),
        unit: "recall@5 of the supporting paragraphs",
        ours: `BM25 ${round(recall.bm25)}, vectors ${round(recall.vector)}`,
        peer: "BM25 0.480, vectors 0.622, RRF 0.586",
      },
    ],
  };
}

interface Question {
  question: string;
  paragraphs: { title: string; paragraph_text: string; is_supporting: boolean }[];
}

export function readMusique(): { documents: Document[]; judged: Judged[] } {
  const read = <Value>(name: string): Value =>
    JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Value;
  const corpus = read<{ title: string; text: string }[]>("musique_train_corpus.json");
  const idOf = new Map(corpus.map(({ title, text }, index) => [`${title}\n${text}`, `p${index}`]));
  const documents = corpus.map(({ title, text }, index) => ({
    id: `p${index}`,
    title,
    text,
    headings: [],
    hash: "1",
  }));
  const judged = read<Question[]>("musique_train.json").map(({ question, paragraphs }) => ({
    question,
    relevant: paragraphs
      .filter((paragraph) => paragraph.is_supporting)
      .map(({ title, paragraph_text }) => idOf.get(`${title}\n${paragraph_text}`)!),
  }));
  return { documents, judged };
}
