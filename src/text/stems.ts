import { english } from "./grammars/english.ts";
import { stopWords } from "./languages/english.ts";
import { lexiconOf } from "./grammars/lexicon.ts";
import { stemByLanguage } from "./search/stem-by-language.ts";

/** The stems (Porter 2) of a text's content words; figures and number words are none. */
export function stemsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}[\p{L}\p{M}'’]*/gu) ?? [];
  const content = words
    .map((word) => word.replace(/['’]s?$/, ""))
    .filter((word) => word !== "" && !stopWords.has(word) && !lexiconOf(english).numbers.has(word));
  return new Set(content.map((word) => stemByLanguage(word, "en")));
}
