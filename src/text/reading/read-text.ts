import { readDates } from "./dates.ts";
import type { Item } from "./item.ts";
import type { Grammar } from "../grammars/grammar.ts";
import { lexiconOf, type Lexicon } from "../grammars/lexicon.ts";
import { readNumbers } from "./numbers.ts";
import { plainText } from "../plain-text.ts";
import { readRanges } from "./ranges.ts";
import { readTimes } from "./times.ts";
import { tokenize } from "./tokens.ts";

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
