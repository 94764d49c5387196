import type { Figure } from "./figure.ts";
import { english } from "./grammars/english.ts";
import { likelyGrammars } from "./likely-grammars.ts";
import type { Grammar } from "./grammar.ts";
import { readText } from "./read-text.ts";

/** The figures of a text, in order: amounts, dates, times and codes; a lone `one` is none. */
export function figuresOf(text: string, grammar: Grammar = likelyGrammars(text)[0] ?? english): Figure[] {
  return readText(text, grammar).items.flatMap(({ figure }) =>
    figure === undefined || (figure.kind === "number" && figure.weak) ? [] : [figure],
  );
}
