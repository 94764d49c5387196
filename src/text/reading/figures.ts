import { saysFigure, type Figure } from "./figure.ts";
import { english } from "../grammars/english.ts";
import { likelyGrammars } from "../grammars/likely-grammars.ts";
import type { Grammar } from "../grammars/grammar.ts";
import { readText } from "./read-text.ts";

/** The figures of a text, in order: amounts, dates, times and codes; a lone `one` is none. */
export function figuresOf(text: string, grammar: Grammar = likelyGrammars(text)[0] ?? english): Figure[] {
  return readText(text, grammar).items.flatMap(({ figure }) =>
    figure === undefined || (figure.kind === "number" && figure.weak) ? [] : [figure],
  );
}

/** Whether a figure is among those of a text: `fifth` for 5, `12½` for 12.5; either side may leave out the unit. */
export function holdsFigure(figures: readonly Figure[], asked: Figure): boolean {
  return figures.some(
    (figure) =>
      saysFigure(asked, figure) ||
      (asked.kind === "number" &&
        figure.kind === "number" &&
        figure.unit === null &&
        asked.value === figure.value),
  );
}
