import type { LanguageCode } from "../../contracts/index.ts";
import { contentTokens, searchTokens } from "../../text/index.ts";
import { withoutLabels } from "./read-statement.ts";
import type { Evidence } from "./read-passage.ts";

const innerName = /(?<=[\p{Ll}\p{N},;]\s+)\p{Lu}[\p{L}\p{M}]+/gu;
/** A name that goes on: `Otter Lounge`. */
const nameAfterName = /(?<=[\p{Ll}\p{N},;]\s+(?:\p{Lu}[\p{L}\p{M}]+[\s-]+)+)\p{Lu}[\p{L}\p{M}]+/gu;

/** Stems of the names inside of a sentence. In German every noun looks like one, so there are none. */
export function namesOf(text: string, language: LanguageCode | undefined): string[] {
  if (language === "de") return [];
  return [...text.matchAll(innerName), ...text.matchAll(nameAfterName)].flatMap(([name]) =>
    contentTokens(name, language),
  );
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
