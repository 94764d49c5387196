import type { LanguageCode } from "../contracts/index.ts";
import { phraseTokens, stemToken } from "../text/index.ts";

/** `term`: a title, a heading or an entry of the glossary; `name`: a run of capitalised words; `phrase`: a noun phrase. */
export type EntityKind = "term" | "name" | "phrase";

/** How much a mention counts in its passage; noun phrases are many and say little. */
export const kindWeights: Readonly<Record<EntityKind, number>> = { term: 1, name: 1, phrase: 0.05 };

const byTrust: readonly EntityKind[] = ["phrase", "name", "term"];

/** Of two ways in which the same entity was found, the one to believe. */
export const isSurer = (a: EntityKind, b: EntityKind): boolean => byTrust.indexOf(a) > byTrust.indexOf(b);

/** An entity in one passage. */
export interface Mention {
  /** See `entityKey`. */
  key: string;
  /** As the passage writes it first. */
  label: string;
  kind: EntityKind;
  count: number;
}

/** Something that passages mention; it is there as long as one does. */
export interface Entity {
  key: string;
  /** As most passages write it. */
  label: string;
  kind: EntityKind;
  /** How many passages mention it. */
  passages: number;
}

/** The tokens of a text that entities are compared by, with the place of each. Points belong to initials and abbreviations. */
export function entityTokens(
  text: string,
  language: LanguageCode | undefined,
): { key: string; start: number; end: number }[] {
  return phraseTokens(text)
    .filter(({ text }) => text !== ".")
    .map(({ text, start, end }) => ({ key: stemToken(text, language), start, end }));
}

/** What two ways to write an entity have in common: its words without case, accents, inflection and signs. */
export function entityKey(label: string, language: LanguageCode | undefined): string {
  return entityTokens(label, language)
    .map(({ key }) => key)
    .filter((key) => /[\p{L}\p{N}]/u.test(key))
    .join(" ");
}
