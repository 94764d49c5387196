import type { Chunk, LanguageCode } from "../../contracts/index.ts";
import {
  contentTokens,
  languageOf,
  saysFigure,
  searchTokens,
  stripLeadIns,
  type Figure,
} from "../../text/index.ts";
import { isEcho, isHeader } from "./is-echo.ts";
import { contradictsOrder } from "./order.ts";
import { readPassage, type Evidence } from "./read-passage.ts";
import { readStatement, withoutLabels, wordsOf, type Statement } from "./read-statement.ts";
import { readYesOrNo } from "./yes-or-no.ts";

/** At least this share of a claim's content words must stand in the passage for it to be borne out. */
const supportShare = 0.5;
/** A statement is about the same as the claim where it has this share of its words; only then can it deny it. */
const sameMatter = 0.6;

/** The statement of a passage that bears a claim out best. */
export type Support = Evidence | undefined;

/**
 * The part of a passage that bears a claim out; undefined where none does. It must hold
 * - every figure of the claim, in its unit, said of the same thing: not where another figure of the kind fits the
 *   claim's words better. Numbers of sections, lists and footnotes are no figures;
 * - its codes and proper names;
 * - half of its content words (by the stems of the passage's language), and half of those that do not echo the question;
 * and not deny it: `not`, the other way round in time, no for yes. What only repeats the question or the passage's header
 * answers nothing, and so nothing bears it out.
 */
export function supportOf(chunk: Chunk, claim: string, question: string): Support {
  const language = languageOf(chunk.text) ?? languageOf(`${question} ${claim}`) ?? "en";
  const evidence = readPassage(chunk, language);
  if (evidence.length === 0) return undefined;
  const asked = wordsOf(question, language);
  const answer = stripLeadIns(claim.trim());
  const { said, affirms } = readYesOrNo(answer);
  const statement = readStatement(said, language);
  const passage = passageWords(chunk, language);
  const holds = (words: string[]): boolean =>
    words.filter((word) => passage.has(word)).length >= words.length * supportShare;
  const figures = readStatement(withoutLabels(said), language).figures;
  if (statement.words.size === 0 && figures.length === 0) {
    // `Nothing.`: no word of content, and yet the passage has it or not.
    const small = searchTokens(said, language).words;
    if (affirms === undefined && small.length > 0 && small.every((word) => passage.has(word))) {
      return mostAbout(evidence, asked, 0);
    }
    if (affirms === undefined || asked.size === 0 || !holds([...asked])) return undefined;
    return agrees(evidence, asked, readStatement(question, language), affirms);
  }
  if (isHeader(answer, chunk)) return undefined;
  if (affirms === undefined && isEcho({ ...statement, figures }, question, language)) return undefined;
  const units = unitsOf(said, language);
  const words = [...statement.words].filter((word) => !units.has(word));
  if (!holds(words) || !holds(words.filter((word) => !asked.has(word)))) return undefined;
  if (!hasNames(said, language, passage, question)) return undefined;
  const about = new Set([...asked, ...statement.words]);
  const best =
    figures.length > 0
      ? bearerOf(figures, evidence, about, said, passage, language)
      : mostAbout(evidence, about, 0);
  if (!best) return undefined;
  // What was asked may be denied: `Do dogs pay? No, dogs do not pay.`
  if (isSentence(words, asked) && denies(evidence, statement, best, figures.length > 0)) return undefined;
  if (affirms !== undefined && figures.length === 0 && words.every((word) => asked.has(word))) {
    if (!agrees(evidence, asked, readStatement(question, language), affirms)) return undefined;
  }
  if (
    contradictsOrder(
      said,
      evidence.map(({ text }) => text),
      (text) => wordsOf(text, language),
    )
  )
    return undefined;
  return best;
}

function passageWords(chunk: Chunk, language: LanguageCode | undefined): Set<string> {
  const { words, parts } = searchTokens([chunk.title, ...chunk.headings, chunk.text].join("\n"), language);
  return new Set([...words, ...parts]);
}

/** Codes (`AB-12`) and names inside a sentence must stand in the passage, or the question. In German every noun looks like one. */
function hasNames(
  said: string,
  language: LanguageCode | undefined,
  passage: ReadonlySet<string>,
  question: string,
): boolean {
  const known = new Set([
    ...passage,
    ...searchTokens(question, language).words,
    ...searchTokens(question, language).parts,
  ]);
  const codes = searchTokens(withoutLabels(said), language).words.filter(
    (word) => /\p{L}/u.test(word) && /\p{N}/u.test(word),
  );
  if (codes.some((code) => /^\p{L}+[-/]?\p{N}/u.test(code) && !known.has(code))) return false;
  if (language === "de") return true;
  const names = [...said.matchAll(/(?<=[\p{Ll}\p{N},;]\s+)\p{Lu}[\p{L}\p{M}]+/gu)].flatMap(([name]) =>
    contentTokens(name, language),
  );
  return names.every((name) => known.has(name));
}

/** How much a statement is about what is asked and said: each shared word, the rarer in the passage the more. */
function weighing(evidence: Evidence[], about: ReadonlySet<string>): (each: Statement) => number {
  const weights = new Map(
    [...about].map((word) => [word, 1 / Math.max(1, evidence.filter(({ words }) => words.has(word)).length)]),
  );
  return ({ words }) => [...about].reduce((sum, word) => sum + (words.has(word) ? weights.get(word)! : 0), 0);
}

function mostAbout(evidence: Evidence[], about: ReadonlySet<string>, least: number): Evidence | undefined {
  const weigh = weighing(evidence, about);
  const [best] = evidence.map((each) => ({ each, weight: weigh(each) })).sort((a, b) => b.weight - a.weight);
  return best && best.weight >= least ? best.each : undefined;
}

/** The statement of which the claim's figures are said, unless another with a figure of the kind fits the claim better. */
function bearerOf(
  figures: Figure[],
  evidence: Evidence[],
  about: ReadonlySet<string>,
  said: string,
  passage: ReadonlySet<string>,
  language: LanguageCode | undefined,
): Evidence | undefined {
  const weigh = weighing(evidence, about);
  let bearer: Evidence | undefined;
  for (const figure of figures) {
    const holders = evidence.filter((each) => each.figures.some((held) => isSame(figure, held)));
    if (holders.length === 0) return undefined;
    if (!hasUnit(figure, holders, said, passage, language)) return undefined;
    const best = holders.toSorted((a, b) => weigh(b) - weigh(a))[0]!;
    const shared = (words: ReadonlySet<string>): string[] => [...about].filter((word) => words.has(word));
    const rival = evidence.find(
      ({ sentence, figures: others, own }) =>
        sentence !== best.sentence &&
        !others.some((held) => isSame(figure, held)) &&
        others.some((held) => isOfKind(figure, held)) &&
        isMore(shared(own), shared(best.words)),
    );
    if (rival) return undefined;
    bearer ??= best;
  }
  return bearer;
}

/** Whether one fits as the other does, and better. Against one that shares no word it takes two. */
const isMore = (one: string[], other: string[]): boolean =>
  one.length > (other.length || 1) && other.every((word) => one.includes(word));

const bare = (figure: Figure): Figure =>
  figure.kind === "number" ? { ...figure, unit: null, ordinal: false } : figure;

/** The same figure; a unit may be left out on one side. */
function isSame(claimed: Figure, held: Figure): boolean {
  if (saysFigure(claimed, held) || saysFigure(held, claimed)) return true;
  if (claimed.kind !== "number" || held.kind !== "number") return false;
  return (claimed.unit === null || held.unit === null) && saysFigure(bare(claimed), bare(held));
}

const isOfKind = (claimed: Figure, held: Figure): boolean =>
  claimed.kind === held.kind &&
  (claimed.kind !== "number" || held.kind !== "number" || claimed.unit?.dimension === held.unit?.dimension);

/**
 * The word after a figure says what it counts. It must stand in the passage, unless that counts the same otherwise (`2 m`)
 * or does not say what, as in a table.
 */
function hasUnit(
  figure: Figure,
  holders: Evidence[],
  said: string,
  passage: ReadonlySet<string>,
  language: LanguageCode | undefined,
): boolean {
  if (figure.kind !== "number") return true;
  const units = unitsOf(said, language);
  if (units.size === 0 || [...units].some((unit) => passage.has(unit))) return true;
  return holders.some(
    ({ figures, text }) =>
      figures.some(
        (held) =>
          held.kind === "number" && figure.unit !== null && held.unit?.dimension === figure.unit.dimension,
      ) || unitsOf(text, language).size === 0,
  );
}

/** The words right after figures: what they count. */
function unitsOf(said: string, language: LanguageCode | undefined): Set<string> {
  const after = [...said.matchAll(/\p{N}\s+(\p{L}[\p{L}\p{M}]*)/gu)];
  return new Set(after.flatMap(([, word]) => searchTokens(word!, language).words));
}

/** A few words in answer to a question take their sense, `not` included, from it. */
function isSentence(words: string[], asked: ReadonlySet<string>): boolean {
  if (asked.size === 0 || words.length > 4) return words.length >= 2;
  return words.length >= 3 && words.filter((word) => asked.has(word)).length * 2 >= words.length;
}

/** Whether the statement that is about the same as the claim says the opposite. */
function denies(evidence: Evidence[], claim: Statement, best: Evidence, hasFigures: boolean): boolean {
  const share = ({ words }: Statement): number =>
    [...claim.words].filter((word) => words.has(word)).length / Math.max(1, claim.words.size);
  const same = evidence.filter(
    (each) => share(each) >= sameMatter && (!hasFigures || each.sentence === best.sentence),
  );
  if (same.length === 0 || claim.words.size < 2) return false;
  const most = Math.max(...same.map(share));
  // Any of the best that has the claim's own polarity bears it out.
  return same
    .filter((each) => share(each) >= most)
    .every((each) => each.negated !== claim.negated && !hasException(each.text));
}

const hasException = (text: string): boolean =>
  /\b(?:only|except|unless|but|other than|nur|außer|seulement|sauf|solo|salvo)\b/iu.test(text);

/** For a bare yes or no: the statement about what is asked, where it does not say the opposite. */
function agrees(
  evidence: Evidence[],
  asked: ReadonlySet<string>,
  question: Statement,
  affirms: boolean,
): Evidence | undefined {
  const share = ({ words }: Statement): number =>
    [...asked].filter((word) => words.has(word)).length / asked.size;
  const best = mostAbout(evidence, asked, 0);
  if (!best || share(best) < sameMatter || hasException(best.text)) return best;
  const same = evidence.filter((each) => share(each) >= share(best));
  return same.some((each) => (each.negated === question.negated) === affirms) ? best : undefined;
}
