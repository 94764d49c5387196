import snowball from "snowball-stemmers";
import type { LanguageCode } from "../../contracts/index.ts";
import { lightStemmers } from "./light-stemmers.ts";
import { rulesOf } from "./word-rules.ts";

type Stem = (word: string) => string;
const stemmers = new Map<LanguageCode, Stem>();
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
  const stem = stemmerOf(language)(word) || word;
  stems.set(key, stem);
  return stem;
}

function stemmerOf(language: LanguageCode): Stem {
  const made = stemmers.get(language) ?? makeStemmer(rulesOf(language).stemmer);
  stemmers.set(language, made);
  return made;
}

function makeStemmer(name: string | undefined): Stem {
  if (name === undefined) return (word) => word;
  const light = lightStemmers[name as keyof typeof lightStemmers];
  if (light) return light;
  const stemmer = snowball.newStemmer(name);
  return (word) => stemmer.stem(word);
}
