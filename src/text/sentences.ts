import { abbreviation, numberSign } from "./languages/english.ts";

const boundary = /[.!?]["'”’)\]]*\s+(?=["'“‘([]*[\p{Lu}\p{N}])|[。！？]|\n+/gu;

/** Sentences by punctuation and line breaks; `No. 4`, `Mr. Oakes` and `1.5` are not ends. */
export function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const match of text.matchAll(boundary)) {
    const end = match.index + match[0].length;
    if (match[0].startsWith(".") && !match[0].includes("\n")) {
      const before = text.slice(start, match.index + 1);
      if (abbreviation.test(before) || (numberSign.test(before) && /^\d/u.test(text.slice(end)))) continue;
    }
    sentences.push(text.slice(start, end).trim());
    start = end;
  }
  return [...sentences, text.slice(start).trim()].filter((sentence) => sentence !== "");
}
