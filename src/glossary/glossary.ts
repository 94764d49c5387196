import type { LanguageCode } from "../contracts/index.ts";
import { createTermFinder, type FoundTerm } from "./find-terms.ts";
import type { GlossaryEntry } from "./glossary-entry.ts";

/** A glossary that can be asked which of its terms a text holds. */
export interface Glossary {
  readonly entries: readonly GlossaryEntry[];
  /** Terms and their other names in a text of the source language. */
  find(text: string): FoundTerm<GlossaryEntry>[];
}

export function createGlossary(
  entries: readonly GlossaryEntry[],
  language: LanguageCode | undefined,
): Glossary {
  const forms = entries.flatMap((entry) =>
    [entry.source, ...entry.aliases].map((text) => ({
      text,
      owner: entry,
      caseSensitive: entry.caseSensitive,
    })),
  );
  return { entries, find: createTermFinder(forms, language) };
}
