import { languageCodes, type LanguageCode } from "../contracts/index.ts";

/** The language of a glossary's code, where it is one that words are known of; `en-GB` is read as English. */
export function knownLanguage(code: string | undefined): LanguageCode | undefined {
  const base = code?.toLowerCase().split(/[-_]/u)[0];
  return languageCodes.find((known) => known === base);
}
