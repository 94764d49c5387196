import { readFileSync } from "node:fs";

export interface SciFact {
  documents: { id: string; title: string; text: string }[];
  queries: { id: string; text: string }[];
  /** Query id to document id to relevance. */
  relevance: Map<string, Map<string, number>>;
}

/** SciFact in BEIR's layout: 5,183 abstracts, 300 claims. */
export function readSciFact(): SciFact {
  const folder = new URL("../../shared/data/scifact/", import.meta.url);
  const lines = (name: string): string[] => readFileSync(new URL(name, folder), "utf8").trim().split("\n");
  const relevance = new Map<string, Map<string, number>>();
  for (const line of lines("qrels/test.tsv").slice(1)) {
    const [query, document, grade] = line.split("\t");
    const judged = relevance.get(query!) ?? new Map<string, number>();
    relevance.set(query!, judged.set(document!, Number(grade)));
  }
  const documents = lines("corpus.jsonl").map((line) => {
    const { _id, title, text } = JSON.parse(line) as { _id: string; title: string; text: string };
    return { id: _id, title, text };
  });
  const queries = lines("queries.jsonl").map((line) => {
    const { _id, text } = JSON.parse(line) as { _id: string; text: string };
    return { id: _id, text };
  });
  return { documents, queries: queries.filter(({ id }) => relevance.has(id)), relevance };
}

/**
 * nDCG at ten of one ranking (document ids, best first), as trec_eval and BEIR count it: gain is the grade, discount
 * log2(rank + 1), the ideal ranking has all relevant documents first.
 */
export function ndcg10(ranking: string[], judged: Map<string, number>): number {
  const gain = (grades: number[]): number =>
    grades.slice(0, 10).reduce((sum, grade, index) => sum + grade / Math.log2(index + 2), 0);
  const ideal = [...judged.values()].sort((a, b) => b - a);
  return gain(ranking.map((id) => judged.get(id) ?? 0)) / gain(ideal);
}
