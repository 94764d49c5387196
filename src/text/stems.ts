import snowball from "snowball-stemmers";
import { stopWords } from "./languages/english.ts";
import { numberWords } from "./number-words.ts";

const stemmer = snowball.newStemmer("english");

/** The stems (Porter 2) of a text's content words; figures and number words are none. */
export function stemsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}[\p{L}\p{M}'’]*/gu) ?? [];
  const content = words
    .map((word) => word.replace(/['’]s?$/, ""))
    .filter((word) => word !== "" && !stopWords.has(word) && !numberWords.has(word));
  return new Set(content.map((word) => stemmer.stem(word)));
}
