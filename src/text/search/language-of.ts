import { francAll } from "franc";
import { languageCodes, type LanguageCode } from "../../contracts/index.ts";
import { likelyGrammars } from "../grammars/likely-grammars.ts";
import { wordRules } from "./word-rules.ts";

const byCode3 = new Map(languageCodes.map((code) => [wordRules[code].code3, code]));
/** The detector compares trigrams: fewer letters than this say little. */
const fewestLetters = 40;
/** More of a text would say no more. */
const read = 2000;
/** The detector gives the best language 1: one that comes as near as this may be meant as well. */
const asNear = 0.9;

/**
 * The language of a text by its script and trigrams (franc), ISO 639-1. That of the whole `document`, or the one whose
 * small words it has, stands unless another fits clearly better. Short texts without any have none: undefined.
 */
export function languageOf(text: string, document?: LanguageCode): LanguageCode | undefined {
  const sample = text.slice(0, read).replace(/[^\p{L}\p{M}\s'’]+/gu, " ");
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  const byScript = languageOfScript(sample.toLowerCase());
  const expected = document ?? likelyGrammars(sample)[0]?.code;
  if (byScript) return byScript;
  if (letters < fewestLetters) return expected;
  const found = francAll(sample, { only: [...byCode3.keys()] });
  if (expected && found.some(([code, score]) => code === wordRules[expected].code3 && score >= asNear)) {
    return expected;
  }
  return byCode3.get(found[0]?.[0] ?? "") ?? expected;
}

/** Scripts of one language only; kana tells Japanese from Chinese. */
const scripts: [RegExp, LanguageCode][] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, "ja"],
  [/\p{Script=Hangul}/u, "ko"],
  [/\p{Script=Thai}/u, "th"],
  [/\p{Script=Greek}/u, "el"],
  [/\p{Script=Armenian}/u, "hy"],
  [/\p{Script=Hebrew}/u, "he"],
  [/\p{Script=Tamil}/u, "ta"],
  [/\p{Script=Devanagari}/u, "hi"],
  [/\p{Script=Han}/u, "zh"],
];

/** Letters that of the languages in their script one alone has; trigrams mix up neighbours. */
const ownLetters: [RegExp, LanguageCode][] = [
  [/[ыэё]/u, "ru"],
  [/[їєґ]/u, "uk"],
];

/** By the script of a quarter of the letters: two Greek letters in a formula are not Greek. */
function languageOfScript(text: string): LanguageCode | undefined {
  const letters = text.match(/\p{L}/gu) ?? [];
  const has = (script: RegExp): boolean =>
    letters.filter((letter) => script.test(letter)).length * 4 > letters.length;
  const byScript = scripts.find(([script]) => has(script));
  if (byScript) return byScript[1];
  return has(/\p{Script=Cyrillic}/u) ? ownLetters.find(([own]) => own.test(text))?.[1] : undefined;
}
