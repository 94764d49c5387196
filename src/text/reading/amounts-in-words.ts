import type { Grammar } from "../grammars/grammar.ts";
import type { Lexicon } from "../grammars/lexicon.ts";
import type { Amount } from "./amount.ts";
import type { Item } from "./item.ts";
import { readNumberWords } from "./number-words.ts";
import { runOfWords } from "./run-of-words.ts";

/** The amount that a run of words says, from the item at `index` on. */
export function inWords(items: Item[], index: number, text: string, lexicon: Lexicon): Amount | undefined {
  const words = runOfWords(items, index, 16);
  const { language, half } = lexicon;
  const folded = words.map((word) => word.folded);
  const after = (count: number): number => words[count - 1]!.end;
  if (half.has(folded[0]!) && (language.code !== "en" || folded[0] === "half"))
    return {
      value: 0.5,
      end: afterArticle(words, 1, language),
      ordinal: false,
      weak: false,
      // `half a million`
      inDigits: true,
    };
  if (language.code === "en") {
    const special = englishSpecial(folded);
    if (special)
      return {
        value: special.value,
        end: after(special.length),
        ordinal: false,
        weak: special.weak ?? false,
        inDigits: false,
        ...(special.unit && { unit: special.unit }),
      };
  }
  const times = lexicon.times.get(folded[0]!);
  if (times !== undefined)
    return { value: times, end: after(1), ordinal: false, weak: times === 1, inDigits: false, unit: "times" };
  // `an hour` is one, but `twice a day` and `9 florins a kilogram` are rates.
  if (
    language.code === "en" &&
    /^an?$/u.test(folded[0]!) &&
    isCounted(words[1], lexicon) &&
    !rate.test(text.slice(0, words[0]!.start))
  )
    return { value: 1, end: after(1), ordinal: false, weak: false, inDigits: false };
  const worded = readNumberWords(folded, 0, lexicon);
  if (!worded) return undefined;
  let { value, length } = worded;
  if (language.code === "en" && !worded.ordinal && value < 10 && value % 1 === 0) {
    const part = folded[length] === undefined ? undefined : partOf(folded[length]!);
    if (part !== undefined)
      return {
        value: value / part,
        end: afterArticle(words, length + 1, language),
        ordinal: false,
        weak: false,
        inDigits: false,
      };
  }
  let end = after(length);
  const plus = halfAt(items, end, text, lexicon);
  if (plus) [value, end] = [value + 0.5, plus];
  return { value, end, ordinal: worded.ordinal, weak: worded.weak && !plus, inDigits: false };
}

/** `an hour` is a figure; `a time` is no number of times, and in `a Time Lord` the unit's word is part of a name. */
const isCounted = (word: Item | undefined, { units }: Lexicon): boolean =>
  word !== undefined &&
  /^\p{Ll}/u.test(word.text) &&
  units.has(word.folded) &&
  units.get(word.folded) !== "times";

/** `half an hour`: the article belongs to the figure. */
function afterArticle(words: Item[], count: number, { code }: Grammar): number {
  const has = (at: number, word: RegExp): boolean => code === "en" && word.test(words[at]?.folded ?? "");
  const of = has(count, /^of$/u) ? count + 1 : count;
  return words[has(of, /^an?$/u) ? of : of - 1]!.end;
}

const rate =
  /(?:\d|(?<!\p{L})(?:once|twice|thrice|times|two|three|four|five|six|seven|eight|nine|ten|per|each|every))(?:%| ?\p{L}+)? $/iu;

const parts: Record<string, number> = {
  half: 2,
  halves: 2,
  third: 3,
  thirds: 3,
  quarter: 4,
  quarters: 4,
  fourth: 4,
  fourths: 4,
  fifths: 5,
  sixths: 6,
  eighth: 8,
  eighths: 8,
  tenths: 10,
};
const partOf = (word: string): number | undefined => parts[word];

const decades: Record<string, number> = Object.fromEntries(
  ["twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet"].map((stem, at) => [
    stem,
    1920 + 10 * at,
  ]),
);

function englishSpecial(
  words: readonly string[],
): { value: number; length: number; weak?: boolean; unit?: string } | undefined {
  const [first, second] = words;
  if (first === "half" && second === "a" && words[2] === "dozen") return { value: 6, length: 3 };
  const years = /^(twent|thirt|fort|fift|sixt|sevent|eight|ninet)ies$/u.exec(first ?? "");
  if (years) return { value: decades[years[1]!]!, length: 1, unit: "decade" };
  if (first === "pair" || (first === "a" && second === "pair"))
    return { value: 2, length: first === "a" ? 2 : 1, weak: true };
  if (first === "dozen") return { value: 12, length: 1 };
  if (first === "a" && second === "dozen") return { value: 12, length: 2 };
  if (first === "a" && (second === "half" || second === "quarter"))
    return { value: second === "half" ? 0.5 : 0.25, length: words[2] === "of" ? 3 : 2 };
  return undefined;
}

/** Where `and a half` ends, if it stands here. */
export function halfAt(_items: Item[], end: number, text: string, { language }: Lexicon): number | undefined {
  const phrase: Record<string, RegExp> = {
    en: /^ and (?:a|one) half(?!\p{L})/u,
    fr: /^ et demie?(?!\p{L})/u,
    es: /^ y medi[oa](?!\p{L})/u,
    it: /^ e mezz[oa](?!\p{L})/u,
    pt: /^ e mei[oa](?!\p{L})/u,
    ru: /^ с половиной(?!\p{L})/u,
    zh: /^个?半/u,
    sw: /^ na nusu(?!\p{L})/u,
  };
  const found = phrase[language.code]?.exec(text.slice(end));
  return found ? end + found[0].length : undefined;
}
