import type { LanguageCode } from "../../contracts/index.ts";
import { clausesOf, independentParts } from "./clauses.ts";
import { readStatement, unitsOf, type Statement } from "./read-statement.ts";

/** A part of a sentence, in its place among the others. */
export interface Part extends Statement {
  place: number;
  /** Stems of what it says, without the words right after figures, which are what these count. */
  matter: ReadonlySet<string>;
}

/** A sentence taken apart: into what stands by itself, and further into clauses. */
export interface Cut {
  isIndependent: boolean;
  parts: Part[];
}

/** The ways to take a sentence apart that make several parts; none for rows of tables. */
export function cutsOf(sentence: string, language: LanguageCode | undefined): Cut[] {
  if (sentence.includes("|")) return [];
  const read = (texts: string[]): Part[] =>
    texts.map((text, place) => {
      const statement = readStatement(text, language);
      const counted = unitsOf(text, language);
      return {
        ...statement,
        place,
        matter: new Set([...statement.said].filter((word) => !counted.has(word))),
      };
    });
  return [
    { isIndependent: true, parts: read(independentParts(sentence)) },
    { isIndependent: false, parts: read(clausesOf(sentence, language)) },
  ].filter(({ parts }) => parts.length > 1);
}
