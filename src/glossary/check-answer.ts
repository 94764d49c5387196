import type { LanguageCode } from "../contracts/index.ts";
import { createTermFinder } from "./find-terms.ts";
import type { GlossaryEntry } from "./glossary-entry.ts";
import { sameLanguage } from "./known-language.ts";
import { missingFiguresOf } from "./missing-figures.ts";

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
  const missingFigures = isTranslation(entries) ? missingFiguresOf(source, answer) : [];
  return { rows, missingFigures, honoured: missingFigures.length === 0 && rows.every((row) => row.honoured) };
}

/** An answer to a question need not repeat its figures: a glossary of one language, or of definitions alone, asks for none. */
function isTranslation(entries: readonly GlossaryEntry[]): boolean {
  const isBetween = ({ source, target }: GlossaryEntry["languages"]): boolean =>
    source === undefined || target === undefined || !sameLanguage(source, target);
  return (
    entries.every(({ languages }) => isBetween(languages)) &&
    entries.some(({ targets, doNotTranslate }) => targets.length > 0 || doNotTranslate)
  );
}
