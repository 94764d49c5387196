const abbreviation = /(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|sec|fig|art|approx|vs|etc|e\.g|i\.e|\p{L})\.$/iu;
/** `No. 4` is a number, `No. The ferry is full.` a denial. */
const numberSign = /(?:^|[\s(])nos?\.$/iu;
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
