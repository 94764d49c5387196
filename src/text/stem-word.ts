import snowball from "snowball-stemmers";
import { stemHindi } from "./languages/hindi.ts";
import type { Language } from "../contracts/index.ts";
import { rowOf } from "./languages/languages.ts";

interface Stemmer {
  stem(word: string): string;
}
const stemmers = new Map<Language, Stemmer>();
/** Stems are asked for again and again, and a vocabulary is small; one without end is no vocabulary. */
const kept = 50_000;
const stems = new Map<string, string>();

/** The stem of a lower-case word; the word itself where the language has no stemmer. */
export function stemWord(word: string, language: Language | undefined): string {
  if (!language) return word;
  const key = `${language} ${word}`;
  const known = stems.get(key);
  if (known !== undefined) return known;
  if (stems.size >= kept) stems.clear();
  const stem = stemmerOf(language).stem(word) || word;
  stems.set(key, stem);
  return stem;
}

function stemmerOf(language: Language): Stemmer {
  const made = stemmers.get(language) ?? makeStemmer(language);
  stemmers.set(language, made);
  return made;
}

function makeStemmer(language: Language): Stemmer {
  const { stemmer } = rowOf(language);
  if (stemmer === "hindi") return { stem: stemHindi };
  return stemmer ? snowball.newStemmer(stemmer) : { stem: (word) => word };
}
