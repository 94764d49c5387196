import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readDocuments } from "../src/documents/index.ts";
import {
  mean,
  openEmbedder,
  rankDocuments,
  recallAt,
  withIndex,
  type Judged,
  type Mode,
} from "./rank-documents.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";
import { ndcg10 } from "./scifact-data.ts";

const folder = new URL("../../shared/data/aws_docs_qa/", import.meta.url);

/** The page that answers each of 62 questions, among 2,757 pages of product manuals. */
export async function run(): Promise<BenchResult> {
  const { documents } = await readDocuments(fileURLToPath(new URL("documents", folder)));
  const judged = readQuestions(new Set(documents.map(({ id }) => id)));
  const embedder = await openEmbedder();
  const scores = await withIndex(documents, embedder, async (retrieve) => {
    const all = {} as Record<Mode, { ndcg: number; recall: number }>;
    for (const mode of ["hybrid", "bm25", "vector"] as const) {
      const rankings: string[][] = [];
      for (const { question } of judged) rankings.push(await rankDocuments(retrieve[mode], question));
      const gains = judged.map(({ relevant }, index) =>
        ndcg10(rankings[index]!, new Map(relevant.map((id) => [id, 1]))),
      );
      all[mode] = { ndcg: mean(gains), recall: recallAt(10, rankings, judged) };
    }
    return all;
  });
  await embedder.close();
  const row = (
    name: string,
    unit: string,
    of: (score: { ndcg: number; recall: number }) => number,
    aim: string,
  ) => ({
    name,
    value: round(of(scores.hybrid)),
    unit,
    ours: `BM25 ${round(of(scores.bm25))}, vectors ${round(of(scores.vector))}`,
    peer: aim,
  });
  return {
    bench: "aws",
    machine: describeMachine(),
    rows: [
      row("ndcg10", "nDCG@10 of pages, hybrid", ({ ndcg }) => ndcg, "BM25 over pages 0.676 (100 questions)"),
      row(
        "recall10",
        "recall@10 of pages, hybrid",
        ({ recall }) => recall,
        "BM25 over pages 0.840 (100 questions)",
      ),
    ],
  };
}

/** `Question,Answer_True,Yes_No_True,Document_True`, with quotes where a field holds a comma. */
function readQuestions(ids: ReadonlySet<string>): Judged[] {
  const lines = readFileSync(new URL("QA_true.csv", folder), "utf8").trim().split(/\r?\n/);
  return lines.slice(1).map((line) => {
    const [question, , , page] = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field]) =>
      field!.replace(/^"|"$/g, "").replaceAll('""', '"'),
    );
    const [guide, name] = page!.trim().split("/");
    const id = `${guide}/doc_source/${name}`;
    const found = ids.has(id) ? id : [...ids].find((each) => each.endsWith(`/${name}`));
    if (!found) throw new Error(`no page ${page}`);
    return { question: question!, relevant: [found] };
  });
}
