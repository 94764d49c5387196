import { figuresOf, plainText } from "../text/index.ts";

/**
 * Figures that a source text writes in digits and its translation does not say, as plain digits. `1,500`, `1.500` and
 * `1 500` are one, and so are figures in any script's digits; in the translation words will do, where they can be read.
 */
export function missingFiguresOf(source: string, translation: string): string[] {
  const said = digitsOf(translation);
  const missing = [...digitsOf(source)].filter((figure) => !said.has(figure));
  if (missing.length === 0) return [];
  const values = new Set(
    figuresOf(translation).flatMap((figure) => (figure.kind === "number" ? [figure.value] : [])),
  );
  return missing.filter((figure) => !values.has(Number(figure)));
}

/** A figure with groups of thousands, or a decimal one. */
const figure = /\p{Nd}+(?:[.,' ]\p{Nd}{3}(?!\p{Nd}))*(?:[.,]\p{Nd}+)?/gu;

/** Figures as plain digits with a point for decimals. */
function digitsOf(text: string): Set<string> {
  const found = plainText(text).match(figure) ?? [];
  return new Set(
    found.map((written) => {
      const decimals = /[.,](\p{Nd}{1,2}|\p{Nd}{4,})$/u.exec(written);
      const whole = (decimals ? written.slice(0, decimals.index) : written).replaceAll(/\P{Nd}/gu, "");
      return decimals ? `${whole}.${decimals[1]}` : whole;
    }),
  );
}
