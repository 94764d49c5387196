import { numberWords } from "./number-words.ts";

/** The figures of a text as plain numbers: `1,940`, `4.10` and `seventeen` are 1940, 4.1 and 17. */
export function figuresOf(text: string): Set<number> {
  const figures = new Set<number>();
  for (const [digits] of text.matchAll(/\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?/g)) {
    figures.add(Number(digits.replaceAll(",", "")));
  }
  for (const [word] of text.toLowerCase().matchAll(/[a-z]+/g)) {
    const value = numberWords.get(word);
    // `one` is a pronoun as often as a figure.
    if (value !== undefined && value !== 1) figures.add(value);
  }
  return figures;
}
