import type { Language } from "../contracts/index.ts";
import { rowOf } from "./languages/languages.ts";
import { foldToken } from "./phrase-tokens.ts";
import { stemWord } from "./stem-word.ts";

/** A token without its inflection, folded. Stemmers know the accents of their language, so these go afterwards. */
export function stemToken(token: string, language: Language | undefined): string {
  if (!language || /\p{N}/u.test(token)) return foldToken(token);
  const plain = token
    .normalize("NFKC")
    .replaceAll(/\p{Cf}/gu, "")
    .toLowerCase();
  return foldToken(stemWord(plain, language));
}

const folded = new Map<Language, ReadonlySet<string>>();

/** The words of a language that say nothing about a subject, as `foldToken` gives them. */
export function stopWordsOf(language: Language | undefined): ReadonlySet<string> {
  if (!language) return new Set();
  const words = folded.get(language) ?? new Set(rowOf(language).stopWords.map(foldToken));
  folded.set(language, words);
  return words;
}
