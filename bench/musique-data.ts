import { readFileSync } from "node:fs";

export interface MuSiQue {
  /** 1,890 passages. */
  passages: { id: string; title: string; text: string }[];
  /** 100 questions; `gold` names the passages that the answer needs, two to four. */
  questions: { id: string; text: string; gold: string[] }[];
}

/** A hundred multi-hop questions of MuSiQue with their passages, as HippoRAG laid them out. */
export function readMuSiQue(): MuSiQue {
  const folder = new URL("../../shared/data/musique100/", import.meta.url);
  const read = <Value>(name: string): Value =>
    JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Value;
  const corpus = read<{ title: string; text: string }[]>("musique_train_corpus.json");
  const ids = new Map(corpus.map(({ title, text }, index) => [`${title}\n${text}`, String(index)]));
  const questions = read<
    {
      id: string;
      question: string;
      paragraphs: { title: string; paragraph_text: string; is_supporting: boolean }[];
    }[]
  >("musique_train.json");
  return {
    passages: corpus.map((passage, index) => ({ id: String(index), ...passage })),
    questions: questions.map(({ id, question, paragraphs }) => ({
      id,
      text: question,
      gold: paragraphs
        .filter((paragraph) => paragraph.is_supporting)
        .map(({ title, paragraph_text }) => ids.get(`${title}\n${paragraph_text}`)!),
    })),
  };
}

/** Which share of the gold passages is among the first five. */
export function recall5(found: readonly string[], gold: readonly string[]): number {
  const first = new Set(found.slice(0, 5));
  return gold.filter((id) => first.has(id)).length / gold.length;
}
