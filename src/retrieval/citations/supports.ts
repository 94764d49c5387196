import type { Chunk, LanguageCode } from "../../contracts/index.ts";
import { languageOf, searchTokens, stripLeadIns } from "../../text/index.ts";
import { bearerOf } from "./bearer.ts";
import { clausesOf } from "./clauses.ts";
import { isEcho, isHeader } from "./is-echo.ts";
import { hasNames, mixesNames, swapsNames, takesOver } from "./names.ts";
import { contradictsOrder } from "./order.ts";
import { agrees, denies } from "./polarity.ts";
import { readPassage, type Evidence } from "./read-passage.ts";
import { readStatement, unitsOf, withoutLabels, wordsOf, type Statement } from "./read-statement.ts";
import { readYesOrNo } from "./yes-or-no.ts";

/** At least this share of a claim's content words must stand in the passage for it to be borne out. */
const supportShare = 0.5;
/** Of a sentence without figures, at least this share of its words must stand in one sentence of the passage. */
const sentenceShare = 0.6;
/** Fewer are no sentence. */
const fewWords = 3;
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
  const known = [chunk.title, ...chunk.headings, chunk.text, question].join("\n");
  if (mixesNames(said, known, language)) return undefined;
  const about = new Set([...asked, ...statement.words]);
  const best =
    figures.length > 0
      ? bearerOf(
          { figures, own: new Set(words), about, said, passage, language },
          evidence,
          weighing(evidence, about),
        )
      : mostAbout(evidence, about, 0);
  const inOne = Math.max(...evidence.map(({ words: held }) => words.filter((word) => held.has(word)).length));
  if (figures.length === 0 && words.length >= fewWords && inOne < words.length * sentenceShare)
    return undefined;
  if (!best || swapsNames(said, question, best, evidence, language)) return undefined;
  const whole = evidence.find(({ sentence }) => sentence === best.sentence)!;
  const weigh = (word: string): number =>
    1 / Math.max(1, evidence.filter(({ words: held }) => held.has(word)).length);
  if (takesOver(said, question, whole.text, language, weigh)) return undefined;
  // What was asked may be denied: `Do dogs pay? No, dogs do not pay.`
  if (isSentence(words, asked) && denies(evidence, statement, best, figures.length > 0)) return undefined;
  if (affirms !== undefined && figures.length === 0 && words.every((word) => asked.has(word))) {
    const asks = readStatement(question, language);
    if (!agrees(evidence, asked, asks, affirms)) return undefined;
  }
  if (
    contradictsOrder(
      said,
      evidence.map(({ text }) => text),
      (text) => new Set([...wordsOf(text, language), ...(text.match(/\p{N}+(?:[.:]\p{N}+)?/gu) ?? [])]),
      (text) => clausesOf(text, language),
    )
  )
    return undefined;
  return best;
}

function passageWords(chunk: Chunk, language: LanguageCode | undefined): Set<string> {
  const { words, parts } = searchTokens([chunk.title, ...chunk.headings, chunk.text].join("\n"), language);
  return new Set([...words, ...parts]);
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

/** A few words in answer to a question take their sense, `not` included, from it. */
function isSentence(words: string[], asked: ReadonlySet<string>): boolean {
  if (asked.size === 0 || words.length > 4) return words.length >= 2;
  return words.length >= 3 && words.filter((word) => asked.has(word)).length * 2 >= words.length;
}
