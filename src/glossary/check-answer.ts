import type { LanguageCode } from "../contracts/index.ts";
import { createTermFinder } from "./find-terms.ts";
import { sameLanguage, type GlossaryEntry } from "./glossary-entry.ts";

/** What became of one term in an answer. */
export interface TermRow {
  source: string;
  /** What may be written for it. */
  required: string[];
  /** What the answer writes; undefined where nothing of the required. */
  found?: string;
  /** Forbidden forms that the answer writes. */
  forbidden: string[];
  honoured: boolean;
}

export interface TermCheck {
  rows: TermRow[];
  /** Figures of the source text that the answer lacks. */
  missingFigures: string[];
  honoured: boolean;
}

/**
 * Whether an answer writes the terms of its source text as the glossary wants: one of the required forms (inflected,
 * too), no forbidden one, what is not to be translated letter by letter, and, where it is in another language than its
 * source, every figure. `entries` are those that occur
 * in the source text; `language` is that of the answer.
 */
export function checkAnswer(
  source: string,
  answer: string,
  entries: readonly GlossaryEntry[],
  language: LanguageCode | undefined,
): TermCheck {
  const rows = [...new Set(entries)].map((entry): TermRow => {
    const required = entry.doNotTranslate ? [entry.source] : entry.targets;
    const find = (forms: readonly string[], isLiteral: boolean) =>
      createTermFinder(
        forms.map((text) => ({ text, owner: text, caseSensitive: isLiteral })),
        language,
      )(answer);
    const found = find(required, entry.doNotTranslate || entry.caseSensitive)[0]?.text;
    // What is part of a required form is not forbidden there.
    const allowed = find(required, false);
    const forbidden = find(entry.forbidden, false)
      .filter(({ start, end }) => !allowed.some((other) => other.start <= start && end <= other.end))
      .map(({ text }) => text);
    const honoured = (required.length === 0 || found !== undefined) && forbidden.length === 0;
    return { source: entry.source, required, ...(found !== undefined && { found }), forbidden, honoured };
  });
  const figures = figuresOf(answer);
  const missingFigures = isTranslation(entries)
    ? [...figuresOf(source).keys()].filter((figure) => !figures.has(figure))
    : [];
  return { rows, missingFigures, honoured: missingFigures.length === 0 && rows.every((row) => row.honoured) };
}

/** An answer to a question need not repeat its figures. A glossary that names one language, or none, may be of either kind. */
function isTranslation(entries: readonly GlossaryEntry[]): boolean {
  return !entries.some(
    ({ languages: { source, target } }) =>
      source !== undefined && target !== undefined && sameLanguage(source, target),
  );
}

/** A figure with groups of thousands, or a decimal one. */
const figure = /\p{Nd}+(?:[.,'’\u00A0\u202F ]\p{Nd}{3}(?!\p{Nd}))*(?:[.,]\p{Nd}+)?/gu;

/** Figures as plain digits with a point for decimals: `1,500`, `1.500` and `1 500` are one, `4,5` and `4.5` are. */
function figuresOf(text: string): Set<string> {
  const found = text.normalize("NFKC").match(figure) ?? [];
  return new Set(
    found.map((written) => {
      const decimals = /[.,](\p{Nd}{1,2}|\p{Nd}{4,})$/u.exec(written);
      const whole = (decimals ? written.slice(0, decimals.index) : written).replaceAll(/\P{Nd}/gu, "");
      return decimals ? `${whole}.${decimals[1]}` : whole;
    }),
  );
}
