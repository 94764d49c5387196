import { defaultConfig, type Chunk } from "../../contracts/index.ts";
import type { Context } from "../context.ts";

const english = new Set(["the", "of", "and", "to", "that", "is", "for", "with", "on", "by", "are", "be"]);
/** Of the words of English prose these are a fifth; of other languages', hardly any. */
const leastShare = 0.05;
/** Fewer words say nothing. */
const leastWords = 300;
const mostWords = 20_000;

/** Warns where the documents are in a language that the default models were not made for. */
export function checkLanguage({ project, warn }: Context, chunks: Iterable<Chunk[]>): void {
  const defaults = [
    ...(project.baseModel === defaultConfig.base_model ? ["base_model"] : []),
    ...(project.embeddingModel === defaultConfig.embedding_model ? ["embedding_model"] : []),
  ];
  if (defaults.length === 0) return;
  const words = someWords(chunks);
  const share = words.filter((word) => english.has(word)).length / words.length;
  if (words.length < leastWords || share >= leastShare) return;
  warn({
    code: "LORAG_NOT_ENGLISH",
    message:
      `The documents do not look like English, and the default models know little else. ` +
      `Name ones that know the language: ${defaults.map((key) => `\`${key}\``).join(" and ")}.`,
  });
}

/** Words from the beginnings of passages of all documents, in lower case. */
function someWords(chunks: Iterable<Chunk[]>): string[] {
  const words: string[] = [];
  for (const [first] of chunks) {
    if (words.length >= mostWords) break;
    words.push(...(first?.text.toLowerCase().match(/\p{L}+/gu) ?? []));
  }
  return words;
}
