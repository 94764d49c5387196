import { existsSync, readFileSync } from "node:fs";
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

const file = (language: string): URL =>
  new URL(`../../shared/data/xquad/xquad.${language}.json`, import.meta.url);
const languages = ["en", "es", "ru", "zh", "ar", "hi", "de", "el", "ro", "th", "tr", "vi"];
const modes: Mode[] = ["hybrid", "bm25", "vector"];

/** Recall at ten of XQuAD's 240 paragraphs for its 1,190 questions, in each language that is there. */
export async function run(): Promise<BenchResult> {
  const embedder = await openEmbedder();
  const rows = [];
  for (const language of languages.filter((each) => existsSync(file(each)))) {
    const { documents, judged } = readXquad(language);
    const recall = await withIndex(documents, embedder, async (retrieve) => {
      const all = {} as Record<Mode, number>;
      for (const mode of modes) {
        const rankings = [];
        for (const { question } of judged) rankings.push(await rankDocuments(retrieve[mode], question));
        all[mode] = recallAt(10, rankings, judged);
      }
      return all;
    });
    rows.push({
      name: language,
      value: round(recall.hybrid),
      unit: "recall@10 of paragraphs, hybrid",
      ours: `BM25 ${round(recall.bm25)}, vectors ${round(recall.vector)}`,
      peer: "0.95 aimed at",
    });
  }
  await embedder.close();
  return { bench: "xquad", machine: describeMachine(), rows };
}

interface Xquad {
  data: { title: string; paragraphs: { context: string; qas: { question: string }[] }[] }[];
}

/** A document for each paragraph. Its article's title is left out: questions are about single paragraphs. */
function readXquad(language: string): { documents: Document[]; judged: Judged[] } {
  const { data } = JSON.parse(readFileSync(file(language), "utf8")) as Xquad;
  const paragraphs = data.flatMap((article) => article.paragraphs);
  const documents = paragraphs.map(({ context }, index) => ({
    id: `p${index}`,
    title: "",
    text: context,
    headings: [],
    hash: "1",
  }));
  const judged = paragraphs.flatMap(({ qas }, index) =>
    qas.map(({ question }) => ({ question, relevant: [`p${index}`] })),
  );
  return { documents, judged };
}
