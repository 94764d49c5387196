/** A term and how it is to be said. */
export interface GlossaryEntry {
  source: string;
  /** What is to be written for it, the preferred form first; none where the entry only explains the term. */
  targets: string[];
  /** Forms that must not be written for it. */
  forbidden: string[];
  /** Other names of the source term. */
  aliases: string[];
  definition?: string;
  partOfSpeech?: string;
  /** The source term stays as it is. */
  doNotTranslate: boolean;
  caseSensitive: boolean;
  examples: { source: string; target: string }[];
  /** ISO 639 codes as the file writes them, where it does. */
  languages: { source?: string; target?: string };
}

export const newEntry = (source: string, given: Partial<GlossaryEntry> = {}): GlossaryEntry => ({
  targets: [],
  forbidden: [],
  aliases: [],
  doNotTranslate: false,
  caseSensitive: false,
  examples: [],
  languages: {},
  ...given,
  source,
});

/** The languages to take from a file that holds more than two, or that name them in another order. */
export interface LanguagePair {
  source?: string;
  target?: string;
}
