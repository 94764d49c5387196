import { defaultConfig } from "../../contracts/index.ts";
import {
  finalAnswer,
  fullStops,
  likelyGrammars,
  isAbstention,
  grammars,
  plainText,
  readText,
  type Grammar,
} from "../../text/index.ts";
import { claimOf, shortAnswer, stripStyle } from "../metrics/short-answer.ts";
import type { Grade } from "./grade.ts";
import { compareContents } from "./compare-contents.ts";
import { contentOf } from "./content.ts";
import { readQuestion, type Asked } from "./question.ts";
import { compareSymbols, isSymbolGold } from "./compare-symbols.ts";
import { withSetPhrases } from "./set-phrases.ts";
import { impliedPolarity, opensWith, statedPolarity } from "./polarity.ts";
import { canonical, jsonOf, valueOf } from "./structured.ts";

/**
 * Whether an answer says what a gold says, however it is put: every figure as it is meant (`figures`, units, dates,
 * times), three quarters of the content words and all of up to three, of names and of lists; denied where the gold is
 * denied; no second answer beside it. Only the first two sentences of the answer, at most 40 words, count: reciting a
 * passage is not answering. What tells symbols and labels apart is compared as it stands.
 *
 * A paraphrase in other words counts as wrong; that holds for every arm alike.
 */
export function gradeText(
  answer: string,
  gold: string,
  abstainAnswer: string = defaultConfig.abstain_answer,
  question?: string,
): Grade {
  const goldJson = jsonOf(gold);
  if (goldJson) return compareJson(answer, goldJson);
  const json = jsonOf(answer);
  const [said, asked] = [(json && valueOf(json)) ?? answer, gold].map((text) =>
    plainText(finalAnswer(text)).trim(),
  ) as [string, string];
  if (said === "") return wrong("The answer is empty.");
  if (bare(said) === bare(asked)) return { right: true, why: "The answer is the gold.", steps: [] };
  if (isAbstention(asked, abstainAnswer)) {
    return isAbstention(said, asked) || isAbstention(said, abstainAnswer)
      ? { right: true, why: "Both say that no answer can be given.", steps: [] }
      : wrong("The gold says that no answer can be given; the answer gives one.");
  }
  if (isAbstention(said, abstainAnswer)) return wrong("The answer says that no answer can be given.");
  const goldShort = withSetPhrases(shortAnswer(asked));
  if (tuple.test(goldShort)) return compareTuples(said, goldShort);
  if (isFormula(goldShort)) return compareFormulas(said, goldShort);
  if (isSymbolGold(goldShort)) return compareSymbols(said, goldShort);
  const claim = withSetPhrases(claimOf(said));
  const steps = [`gold: ${goldShort}`, `answer: ${claim}`];
  const about = question === undefined ? undefined : readQuestion(question);
  const pairs = languagePairs(goldShort, claim);
  const fitting = pairs.filter((pair) => fits(goldShort, pair[0]) && fits(claim, pair[1]));
  const grades = (fitting.length > 0 ? fitting : pairs).map(([goldLanguage, language]) =>
    compareClaims(claim, goldShort, language, goldLanguage, about),
  );
  const grade =
    grades.find(({ contradicts }) => contradicts) ?? grades.find(({ right }) => right) ?? grades[0]!;
  return { ...grade, steps: [...steps, ...grade.steps] };
}

/** A point or an interval, whose order and brackets are what it says: `(3, 4)`, `[1, 2)`. */
const tuple = /^[([]\s*-?[\d.]+(?:\s*[,;]\s*-?[\d.]+)+\s*[)\]]$/u;

function compareTuples(said: string, gold: string): Grade {
  const [whole, part] = [said, gold].map((text) => text.replace(/\s/gu, "").replaceAll(";", ",")) as [
    string,
    string,
  ];
  const right = whole.includes(part);
  return {
    right,
    why: right ? "The answer says what the gold says." : `The answer does not say ${gold}.`,
    steps: [`gold: ${gold}`, `answer: ${said}`],
  };
}

/** `3x + 2`, `y = 2x`: letters that stand alone, with signs between. */
const isFormula = (text: string): boolean =>
  /^[-+*/^=().\d\sa-z]+$/u.test(text) &&
  !/[a-z]{2}/u.test(text) &&
  /(?:\d[a-z]|[a-z\d)] [-+*/=] [a-z\d(])/u.test(text) &&
  /[a-z\d)] ?[-+*/=^] ?[-(]?[a-z\d]/u.test(text);

/** A formula is a string of signs: the answer has it, and it is no part of another. */
function compareFormulas(said: string, gold: string): Grade {
  const [whole, part] = [stripStyle(said), gold].map((text) => text.replace(/[\s${}*\\]|cdot/gu, "")) as [
    string,
    string,
  ];
  const at = whole.indexOf(part);
  const around = [whole[at - 1] ?? "", whole[at + part.length] ?? ""];
  const right = at >= 0 && !/[\w.^/)-]/u.test(around[0]!.replace("=", "")) && !/[\w^/(+-]/u.test(around[1]!);
  return {
    right,
    why: right ? "The answer says what the gold says." : `The answer does not say ${gold}.`,
    steps: [`gold: ${gold}`, `answer: ${said}`],
  };
}

function compareJson(answer: string, gold: object): Grade {
  const fenced = /```(?:json)?\s*\n[\s\S]*?\n?```/u.exec(answer)?.[0];
  const said = jsonOf(fenced ?? finalAnswer(answer));
  const right = said !== undefined && canonical(said) === canonical(gold);
  const why = right
    ? "The answer is the gold's JSON."
    : said
      ? "The answer is other JSON than the gold."
      : "The gold is JSON, the answer none.";
  return { right, why, steps: [`gold: ${canonical(gold)}`, `answer: ${said ? canonical(said) : answer}`] };
}

const wrong = (why: string): Grade => ({ right: false, why, steps: [] });

/** What is left when case and a full stop are no matter. */
const bare = (text: string): string => {
  const plain = text.toLowerCase().replace(/\s+/gu, " ");
  return plain.replace(fullStop, "");
};
const fullStop = new RegExp(String.raw`(?<=[\p{L}\p{M}\p{N}%)\]"'])[.!${fullStops}]+$`, "u");

function compareClaims(
  claim: string,
  goldShort: string,
  language: Grammar,
  goldLanguage: Grammar,
  about: Asked | undefined,
): Grade {
  const gold = readText(goldShort, goldLanguage);
  const said = readText(claim, language);
  const [asked, given] = [contentOf(gold), contentOf(said)];
  const steps = [`read as ${goldLanguage.code}${goldLanguage === language ? "" : ` and ${language.code}`}`];
  const polarity = opensWith(gold);
  if (polarity === null || polarity === "both") {
    const grade = compareContents(asked, given, { asked: about });
    return { ...grade, steps: [...steps, ...grade.steps] };
  }
  const opening =
    opensWith(said) ??
    impliedPolarity(claim, given.denied.size > 0 || /\bnot?\b|n't\b/iu.test(claim)) ??
    statedPolarity(given, about);
  if (opening !== polarity)
    return {
      right: false,
      why: `The gold says ${polarity}, the answer ${opening ?? "neither yes nor no"}.`,
      steps,
      contradicts: true,
    };
  const grade = compareContents(asked, given, { explanation: polarity, asked: about });
  return {
    ...grade,
    ...(grade.right && { why: `Both say ${polarity}.` }),
    steps: [...steps, ...grade.steps],
  };
}

/** Whether the separators are the language's: `1,5` is not English, `1.25` not German. */
const fits = (text: string, { decimal }: Grammar): boolean =>
  !(decimal === "." ? /\d,\d{1,2}(?!\d)/u : /(?<![\d.])\d+\.(?:\d{1,2}|\d{4,})(?![\d.])/u).test(text);

/** English; where a separator may mean either, or a date may be meant, a language with decimal commas as well. */
const silent = (text: string): readonly Grammar[] =>
  grammars.slice(0, /\d[.,]\d{3}(?!\d)|(?<!\d)\d{1,2}\.\d{1,2}\.(?!\d)/u.test(text) ? 2 : 1);

/** What gold and answer may be written in: the same language if it can be, the other's where one says nothing. */
function languagePairs(gold: string, answer: string): [Grammar, Grammar][] {
  const [asked, said] = [likelyGrammars(gold), likelyGrammars(answer)];
  const both = asked.filter((language) => said.includes(language));
  const one = asked.length === 0 ? said : asked;
  if (asked.length === 0 && said.length === 0)
    return silent(`${gold} ${answer}`).map((language) => [language, language]);
  if (asked.length === 0 || said.length === 0) return one.map((language) => [language, language]);
  if (both.length > 0) return both.map((language) => [language, language]);
  return asked.flatMap((goldLanguage) =>
    said.map((language): [Grammar, Grammar] => [goldLanguage, language]),
  );
}
