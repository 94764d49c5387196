import { readDates } from "./dates.ts";
import type { Figure } from "./figure.ts";
import type { Grammar } from "./grammar.ts";
import { lexiconOf, type Lexicon } from "./lexicon.ts";
import { readNumbers } from "./numbers.ts";
import { plainText } from "./plain-text.ts";
import { readRanges } from "./ranges.ts";
import { readTimes } from "./times.ts";
import { tokenize } from "./tokens.ts";

export type Bound = "atLeast" | "atMost" | "more" | "less";

/** A piece of a text that was read: a figure, a word or a mark. Offsets are those of `Reading.text`. */
export interface Item {
  kind: "figure" | "word" | "number" | "mark";
  text: string;
  folded: string;
  start: number;
  end: number;
  figure?: Figure;
  bound?: Bound;
  /** Its side of a range or score: `5-7`, `from 5 to 7`, `3-1`. */
  side?: "first" | "second";
}

export interface Reading {
  /** In the plain form. */
  text: string;
  lexicon: Lexicon;
  items: Item[];
}

/**
 * A text as its words, marks and figures: amounts with their units, dates, times, codes, ordinals, ranges, in digits of
 * any script or in words of the language, by that language's separators. One reading for all that compares figures.
 */
export function readText(text: string, language: Grammar): Reading {
  const plain = plainText(text);
  const lexicon = lexiconOf(language);
  const tokens: Item[] = tokenize(plain, lexicon);
  const passes = [readDates, readTimes, readNumbers, readRanges];
  const items = passes.reduce((read, pass) => pass(read, plain, lexicon), tokens);
  return { text: plain, lexicon, items };
}
