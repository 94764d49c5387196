import type { Lexicon } from "../grammars/lexicon.ts";

export interface WordedNumber {
  value: number;
  /** Words read. */
  length: number;
  ordinal: boolean;
  /** `one` and articles like it, alone. */
  weak: boolean;
}

/** The number that begins at a word, in words: `a hundred and fifty`, `fifth`, `quatre-vingt-dix`. Words come folded. */
export function readNumberWords(
  words: readonly string[],
  from: number,
  lexicon: Lexicon,
): WordedNumber | undefined {
  let [total, part, last] = [0, 0, 0];
  let at = from;
  let [any, ordinal] = [false, false];
  const { code, joins } = lexicon.language;
  while (at < words.length) {
    let step = lookUp(words, at, lexicon);
    if (step === undefined && any && joins === words[at]) {
      step = lookUp(words, at + 1, lexicon);
      if (step === undefined || step.scale) break;
      at++;
    } else if (step === undefined && code === "en" && !any && words[at] === "a") {
      const next = lookUp(words, at + 1, lexicon);
      if (next?.scale === undefined) break;
      at++;
      continue;
    }
    if (step === undefined) break;
    const { value, length, scale } = step;
    if (scale === undefined) {
      if (value >= 100) part += value;
      else if (last === 0) {
        // Two numbers side by side are no sum: `one two`.
        if (any && ((part === 0 && total === 0) || (part % 100 !== 0 && value >= 10))) break;
        last = value;
      } else if (last >= 20 && last % 10 === 0 && value < 10 && value > 0) last += value;
      else if (code === "ar" && last < 10 && value >= 20) last += value;
      else if (code === "en" && isYear(last, value) && part + total === 0) {
        // Nineteen eighty-four.
        const unit = value % 10 === 0 ? lookUp(words, at + length, lexicon) : undefined;
        const isUnit = unit !== undefined && unit.scale === undefined && unit.value > 0 && unit.value < 10;
        const years = last * 100 + value + (isUnit ? unit.value : 0);
        const end = at + length + (isUnit ? unit.length : 0);
        return { value: years, length: end - from, ordinal: false, weak: false };
      } else break;
    } else if (code === "sw") {
      // `mia mbili`: the hundreds come first.
      const times = lookUp(words, at + length, lexicon);
      const digit = times && times.scale === undefined && times.value < 10 ? times : undefined;
      part += (digit?.value ?? 1) * scale;
      at += digit?.length ?? 0;
    } else if (scale < 1000) {
      part += (last || 1) * scale;
      last = 0;
    } else {
      total += (part + last || 1) * scale;
      [part, last] = [0, 0];
    }
    any = true;
    at += length;
    if (step.ordinal) {
      ordinal = true;
      break;
    }
  }
  if (!any) return undefined;
  const value = total + part + last;
  return { value, length: at - from, ordinal, weak: value === 1 && !ordinal && at - from === 1 };
}

const isYear = (first: number, second: number): boolean => first >= 11 && first <= 20 && second >= 10;

function lookUp(
  words: readonly string[],
  at: number,
  { numbers, scales, ordinals, language }: Lexicon,
): { value: number; length: number; scale?: number; ordinal?: boolean } | undefined {
  for (let length = Math.min(4, words.length - at); length > 0; length--) {
    const word = words.slice(at, at + length).join("-");
    const value = numbers.get(word) ?? language.compound?.(word);
    if (value !== undefined && scales.get(word) === undefined) return { value, length };
    const scale = scales.get(word);
    if (scale !== undefined) return { value: 0, length, scale };
    const ordinal = ordinals.get(word);
    if (ordinal !== undefined) return { value: ordinal, length, ordinal: true };
  }
  // Arabic writes `and` onto the word.
  const [first = ""] = words.slice(at, at + 1);
  const joined = language.code === "ar" && first.startsWith("و") ? numbers.get(first.slice(1)) : undefined;
  return joined === undefined ? undefined : { value: joined, length: 1 };
}
