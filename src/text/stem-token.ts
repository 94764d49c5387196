import snowball from "snowball-stemmers";
import { foldToken } from "./phrase-tokens.ts";

const algorithms: Record<string, string> = {
  ar: "arabic",
  cs: "czech",
  da: "danish",
  de: "german",
  en: "english",
  es: "spanish",
  fi: "finnish",
  fr: "french",
  hu: "hungarian",
  it: "italian",
  nl: "dutch",
  nb: "norwegian",
  pt: "portuguese",
  ro: "romanian",
  ru: "russian",
  sv: "swedish",
  tr: "turkish",
};
/** Stems known so far, by language. Emptied when it has grown large, so that made-up words cannot fill memory. */
const known = new Map<string, Map<string, string>>();
const mostKnown = 200_000;
const stemmers = new Map<string, { stem(word: string): string }>();

/** A token without its inflection (Snowball), folded; only folded in a language without a stemmer, or where it holds a digit. */
export function stemToken(token: string, language: string): string {
  const algorithm = algorithms[language];
  if (!algorithm || /\p{N}/u.test(token)) return foldToken(token);
  let stems = known.get(language);
  if (!stems || stems.size > mostKnown) known.set(language, (stems = new Map()));
  let stem = stems.get(token);
  if (stem === undefined) {
    const stemmer = stemmers.get(algorithm) ?? snowball.newStemmer(algorithm);
    stemmers.set(algorithm, stemmer);
    // Stemmers know the accents of their language, so these go afterwards.
    const plain = token
      .normalize("NFKC")
      .replaceAll(/\p{Cf}/gu, "")
      .toLowerCase();
    stems.set(token, (stem = foldToken(stemmer.stem(plain))));
  }
  return stem;
}
