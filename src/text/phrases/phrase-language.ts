import type { LanguageCode } from "../../contracts/index.ts";
import { sameSpelling } from "../same-spelling.ts";
import { stemByLanguage } from "../search/stem-by-language.ts";
import { rulesOf } from "../search/word-rules.ts";
import { foldToken } from "./phrase-tokens.ts";

/** A token without its inflection, folded. Stemmers know the accents of their language, so these go afterwards. */
export function stemToken(token: string, language: LanguageCode | undefined): string {
  if (!language || /\p{N}/u.test(token)) return foldToken(token);
  const plain = sameSpelling(token)
    .normalize("NFKC")
    .replaceAll(/\p{Cf}/gu, "")
    .toLowerCase();
  return foldToken(stemByLanguage(plain, language));
}

const folded = new Map<LanguageCode, ReadonlySet<string>>();

/** The words of a language that say nothing about a subject, as `foldToken` gives them. */
export function stopWordsOf(language: LanguageCode | undefined): ReadonlySet<string> {
  if (!language) return new Set();
  const words = folded.get(language) ?? new Set(rulesOf(language).stopWords.map(foldToken));
  folded.set(language, words);
  return words;
}

/** Whether the language writes compounds as one word. */
export const joinsWords = (language: LanguageCode | undefined): boolean =>
  language !== undefined && rulesOf(language).joinsWords === true;

/** Whether there is a stemmer for the language. */
export const hasStemmer = (language: LanguageCode | undefined): boolean =>
  language !== undefined && rulesOf(language).stemmer !== undefined;
