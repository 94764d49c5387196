import type { LanguageCode } from "../../contracts/index.ts";
import {
  contentTokens,
  figuresOf,
  grammars,
  lexiconOf,
  searchTokens,
  type Figure,
} from "../../text/index.ts";
import { isNegated } from "./is-negated.ts";

/** What one sentence, clause or row of a table says. */
export interface Statement {
  text: string;
  /** Stems of what it says, with the heading above it or the head of its column. */
  own: ReadonlySet<string>;
  /** Stems of its text alone. */
  said: ReadonlySet<string>;
  /** What it says, with the sentence before it, which may name what it is about. */
  words: ReadonlySet<string>;
  figures: Figure[];
  negated: boolean;
}

const grammarOf = (language: LanguageCode | undefined) =>
  grammars.find(({ code }) => code === language) ?? grammars[0]!;

/** A code is a name, not a word. */
const hasDigit = /\p{N}/u;

/** `under` is the heading above it or the head of its column, `before` the sentence before it. */
export function readStatement(
  text: string,
  language: LanguageCode | undefined,
  under = "",
  before = "",
): Statement {
  const own = wordsOf(`${under}\n${text}`, language);
  return {
    text,
    own,
    said: wordsOf(text, language),
    words: before === "" ? own : new Set([...own, ...wordsOf(before, language)]),
    figures: figuresOf(withoutLabels(text), grammarOf(language)),
    negated: isNegated(text, language),
  };
}

/** Stems of content words, without figures, the words of numbers and small words of the language. */
export function wordsOf(text: string, language: LanguageCode | undefined): Set<string> {
  const small = smallWords(language);
  return new Set(contentTokens(text, language).filter((word) => !hasDigit.test(word) && !small.has(word)));
}

const smallWordsOf = new Map<LanguageCode | undefined, ReadonlySet<string>>();

/** Numbers in words, yes and no, and what else an answer may add and yet say the same, as they are indexed. */
function smallWords(language: LanguageCode | undefined): ReadonlySet<string> {
  const known = smallWordsOf.get(language);
  if (known) return known;
  const { numbers, functionWords, negators, yes, no } = lexiconOf(grammarOf(language));
  const words = [...numbers.keys(), ...functionWords, ...negators, ...yes, ...no];
  const made = new Set(words.flatMap((word) => searchTokens(word, language).words));
  smallWordsOf.set(language, made);
  return made;
}

/** The words right after figures: what they count. */
export function unitsOf(said: string, language: LanguageCode | undefined): Set<string> {
  const after = [...said.matchAll(/\p{N}\s+(\p{L}[\p{L}\p{M}]*)/gu)];
  return new Set(after.flatMap(([, word]) => searchTokens(word!, language).words));
}

/**
 * A text without the figures that say nothing about its matter: the numbers of sections, lists and footnotes, and what
 * refers to them (`see section 4`).
 */
export function withoutLabels(text: string): string {
  return text
    .replaceAll(/^[ \t]*#+[ \t]*/gmu, "")
    .replaceAll(
      /^[ \t]*(?:(?:section|chapter|part|abschnitt|kapitel|§+)[ \t]*)?\d{1,2}(?:\.\d{1,2})*[.):]?[ \t]+(?=\p{L})/gimu,
      (label, at: number, whole: string) => {
        // `2.1 Lost keys` is a heading, `2.1 metres` a length.
        const isHeading = /\d\.\d/u.test(label) && /^\p{Lu}/u.test(whole.slice(at + label.length));
        return isHeading || /[.):]\s+$|^\s*[\p{L}§]/u.test(label) ? "" : label;
      },
    )
    .replaceAll(/\[\^?\d[\d, –-]*\]/gu, "")
    .replaceAll(/\b(?:sections?|chapters?|steps?|items?|footnotes?|points?|§+)\s*\d+(?:\.\d+)*/giu, "");
}
