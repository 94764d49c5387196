import type { LanguageCode } from "../../contracts/index.ts";
import { contentTokens, saysFigure, searchTokens } from "../../text/index.ts";
import { cutsOf, type Part } from "./parts.ts";
import { readStatement, withoutLabels } from "./read-statement.ts";
import type { Evidence } from "./read-passage.ts";

const innerName = /(?<=[\p{Ll}\p{N},;]\s+)\p{Lu}[\p{L}\p{M}]+/gu;
/** A name that goes on: `Otter Lounge`. */
const nameAfterName = /(?<=[\p{Ll}\p{N},;]\s+(?:\p{Lu}[\p{L}\p{M}]+[\s-]+)+)\p{Lu}[\p{L}\p{M}]+/gu;

/** Two words of a name that a sentence begins with: `Lena Tarkov`. */
const openingName = /^[^\p{L}\p{N}]*\p{Lu}[\p{L}\p{M}]+(?=[\s-]\p{Lu}\p{Ll})/gu;

/** Stems of the names of a sentence, but for a single word at its beginning, which may be any. In German every noun looks like one, so there are none. */
export function namesOf(text: string, language: LanguageCode | undefined): string[] {
  if (language === "de") return [];
  return [
    ...text.matchAll(openingName),
    ...text.matchAll(innerName),
    ...text.matchAll(nameAfterName),
  ].flatMap(([name]) => contentTokens(name, language));
}

/** Codes (`AB-12`) and names inside a sentence must stand in the passage, or the question. */
export function hasNames(
  said: string,
  language: LanguageCode | undefined,
  passage: ReadonlySet<string>,
  question: string,
): boolean {
  const { words, parts } = searchTokens(question, language);
  const known = new Set([...passage, ...words, ...parts]);
  const codes = searchTokens(withoutLabels(said), language).words.filter(
    (word) => /\p{L}/u.test(word) && /\p{N}/u.test(word),
  );
  if (codes.some((code) => /^\p{L}+[-/]?\p{N}/u.test(code) && !known.has(code))) return false;
  return namesOf(said, language).every((name) => known.has(name));
}

const capitals = /\p{Lu}[\p{L}\p{M}]+(?:[\s-]+\p{Lu}[\p{L}\p{M}]+)*/gu;

/** Runs of words with a capital, as stems. */
const runsOf = (text: string, language: LanguageCode | undefined): string[][] =>
  [...text.matchAll(capitals)].map(([run]) => contentTokens(run, language)).filter((run) => run.length > 0);

/** Whether a name of two words joins what the passage never does: its second word always follows others there. */
export function mixesNames(said: string, passage: string, language: LanguageCode | undefined): boolean {
  const known = runsOf(passage, language);
  return runsOf(said, language).some((run) =>
    run.slice(1).some((second, index) => {
      const found = known.filter((each) => each.includes(second));
      return found.length > 0 && found.every((each) => each.length > 1 && !each.includes(run[index]!));
    }),
  );
}

/**
 * Whether a claim says of one name what another part of the same sentence says of another: `Piet founded it` of `Lena
 * founded it, Piet leads it`. `weigh` tells how much a word says.
 */
export function takesOver(
  said: string,
  question: string,
  sentence: string,
  language: LanguageCode | undefined,
  weigh: (word: string) => number,
): boolean {
  if (language === "de") return false;
  const names = new Set(namesOf(sentence, language));
  const claimed = new Set(
    runsOf(said, language)
      .flat()
      .filter((word) => names.has(word)),
  );
  const asked = new Set(searchTokens(question, language).words);
  const { said: words, figures } = readStatement(said, language);
  const rest = [...words].filter((word) => !claimed.has(word));
  return cutsOf(sentence, language).some(({ parts }) => {
    const fits = (part: Part): number =>
      rest.reduce((sum, word) => sum + (part.said.has(word) ? weigh(word) : 0), 0) +
      figures.filter((figure) => part.figures.some((held) => saysFigure(figure, held))).length;
    const named = parts.filter((part) => [...claimed].some((name) => part.said.has(name)));
    const [best] = parts.toSorted((a, b) => fits(b) - fits(a));
    if (named.length === 0 || named.some((part) => fits(part) >= fits(best!))) return false;
    const others = namesOf(best!.text, language);
    return others.length > 0 && others.every((name) => !claimed.has(name) && !asked.has(name));
  });
}

/**
 * Whether a claim says of one name what a passage says of another: its name stands elsewhere in the passage, and the
 * sentence that it repeats has another name in its place.
 */
export function swapsNames(
  said: string,
  question: string,
  best: Evidence,
  evidence: Evidence[],
  language: LanguageCode | undefined,
): boolean {
  const { words: asked, parts: askedParts } = searchTokens(question, language);
  const place = evidence.findIndex(({ sentence }) => sentence === best.sentence);
  const whole = evidence[place]!;
  // A line of a page may break a name in two.
  const text = [
    ...whole.headings,
    isBroken(evidence[place - 1]?.text) ? evidence[place - 1]!.text : "",
    whole.text,
    isBroken(whole.text) ? (evidence.find(({ sentence }) => sentence === best.sentence + 1)?.text ?? "") : "",
  ].join("\n");
  const { words, parts } = searchTokens(text, language);
  const known = new Set([...words, ...parts, ...whole.words, ...asked, ...askedParts]);
  const claimed = namesOf(said, language);
  const own = namesOf(whole.text, language);
  const strange = claimed.filter((name) => !known.has(name));
  const left = own.filter((name) => !claimed.includes(name) && !asked.includes(name));
  return strange.length > 0 && left.length > 0;
}

const isBroken = (line: string | undefined): boolean => line !== undefined && !/[.!?:;|]\s*$/u.test(line);
