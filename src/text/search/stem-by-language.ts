import snowball from "snowball-stemmers";
import { stemHindi } from "./stem-hindi.ts";
import type { LanguageCode } from "../../contracts/index.ts";
import { rulesOf } from "./word-rules.ts";

interface Stemmer {
  stem(word: string): string;
}
const stemmers = new Map<LanguageCode, Stemmer>();
/** Stems are asked for again and again, and a vocabulary is small; one without end is no vocabulary. */
const kept = 50_000;
const stems = new Map<string, string>();

/** The stem of a lower-case word; the word itself where the language has no stemmer. */
export function stemByLanguage(word: string, language: LanguageCode | undefined): string {
  if (!language) return word;
  const key = `${language} ${word}`;
  const known = stems.get(key);
  if (known !== undefined) return known;
  if (stems.size >= kept) stems.clear();
  const stem = stemmerOf(language).stem(word) || word;
  stems.set(key, stem);
  return stem;
}

function stemmerOf(language: LanguageCode): Stemmer {
  const made = stemmers.get(language) ?? makeStemmer(language);
  stemmers.set(language, made);
  return made;
}

function makeStemmer(language: LanguageCode): Stemmer {
  const { stemmer } = rulesOf(language);
  if (stemmer === "hindi") return { stem: stemHindi };
  return stemmer ? snowball.newStemmer(stemmer) : { stem: (word) => word };
}
