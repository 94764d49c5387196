import { saysFigure, type Figure, type NumberFigure } from "./figure.ts";
import { detectLanguage } from "./detect-languages.ts";
import type { Language } from "./language.ts";
import { readText } from "./read-text.ts";

/** The figures of a text, in order: amounts, dates, times and codes; a lone `one` is none. */
export function figuresOf(text: string, language: Language = detectLanguage(text)): Figure[] {
  return readText(text, language).items.flatMap(({ figure }) =>
    figure === undefined || (figure.kind === "number" && figure.weak) ? [] : [figure],
  );
}

/** Whether a figure is among those of a text: `fifth` for 5, `12½` for 12.5; units may be left out on either side. */
export function holdsFigure(figures: readonly Figure[], asked: Figure): boolean {
  return figures.some(
    (figure) => saysFigure(asked, figure) || saysFigure(withoutUnit(asked), withoutUnit(figure)),
  );
}

const withoutUnit = (figure: Figure): Figure =>
  figure.kind === "number" && !keepsUnit(figure) ? { ...figure, unit: null, ordinal: false } : figure;

const keepsUnit = ({ unit }: NumberFigure): boolean => unit?.dimension === "decade";
