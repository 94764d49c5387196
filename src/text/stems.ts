import snowball from "snowball-stemmers";
import { english } from "./languages/english.ts";
import type { Language } from "./language.ts";
import { lexiconOf } from "./lexicon.ts";

const stemmer = snowball.newStemmer("english");

/** Words that say nothing about what a sentence is about. */
const stopWords: ReadonlySet<string> = new Set(
  "a about above after again all also an and any are as at be because been before being below between both but by can could did do does doing down during each few for from further had has have having he her here hers him his how i if in into is it its itself just me more most my no nor not of off on once only or other our out over own per same she should so some such than that the their them then there these they this those through to too under until up very was we were what when where which while who whom why will with would you your yes".split(
    " ",
  ),
);

/** The stems (Porter 2) of a text's content words; figures and number words are none. */
export function stemsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}[\p{L}\p{M}'’]*/gu) ?? [];
  const content = words
    .map((word) => word.replace(/['’]s?$/, ""))
    .filter((word) => word !== "" && !stopWords.has(word) && !lexiconOf(english).numbers.has(word));
  return new Set(content.map((word) => stemmer.stem(word)));
}

const stemmers = new Map<string, { stem(word: string): string }>();

/** The stem of a folded word; the word itself in languages without a stemmer and where it is too short to have endings. */
export function stemWord(word: string, { stemmer: name }: Pick<Language, "stemmer">): string {
  if (name === undefined || word.length <= 3) return word;
  const known = stemmers.get(name) ?? snowball.newStemmer(name);
  stemmers.set(name, known);
  return known.stem(word);
}
