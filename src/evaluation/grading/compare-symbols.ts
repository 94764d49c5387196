import { plainText, stripLeadIns } from "../../text/index.ts";
import type { Grade } from "./grade.ts";

const isLetter = (text: string): boolean =>
  /^\p{L}$/u.test(text) && !/[\p{Script=Han}\p{Script=Hangul}]/u.test(text);
const articles = /^(?:the|an?)$/iu;

/** A gold without a figure or a word: `A`, `+`, `The`, `★★★`. */
export const isSymbolGold = (gold: string): boolean =>
  isLetter(gold) || articles.test(gold) || !/[\p{L}\p{N}]/u.test(gold);

const names: Record<string, string> = {
  plus: "+",
  minus: "-",
  "plus sign": "+",
  "minus sign": "-",
  star: "★",
};

/** Compares what has no content to read: a label of one letter wherever it stands for itself, a symbol as it is. */
export function compareSymbols(answer: string, gold: string): Grade {
  const said = stripLeadIns(
    plainText(answer)
      .trim()
      .replace(/\*\*|__|`/gu, ""),
  ).trim();
  const whole = said.replace(/^["'([]+|["')\].:,;!]+$/gu, (marks) => (marks === said ? marks : ""));
  const named = names[whole.toLowerCase()] ?? whole;
  const steps = [`gold: ${gold}`, `answer: ${said}`];
  if (named.toLowerCase() === gold.toLowerCase() || said === gold)
    return { right: true, why: "The answer is the gold.", steps };
  if (isLetter(gold) && labelIn(said, gold))
    return { right: true, why: `The answer is labelled ${gold}.`, steps };
  return { right: false, why: `The gold is ${gold}, the answer ${said.slice(0, 40)}.`, steps };
}

/** `(A)`, `A) The night ferry`, `option A`, `written in C.`: a capital that stands alone, and no other beside it. */
function labelIn(said: string, gold: string): boolean {
  const label = gold.toUpperCase();
  const opening = /^[([]?(\p{L})(?:[)\].:,]|\s+-\s)/u.exec(said)?.[1];
  if (opening !== undefined)
    return (
      opening.toUpperCase() === label &&
      !alone(said.slice(1)).some((each) => each !== label && each !== "I" && /\bor\b|\//iu.test(said))
    );
  const letters = alone(said).filter((each) => each !== "I" || label === "I");
  return (
    letters.includes(label) &&
    letters.every((each) => each === label) &&
    !new RegExp(`^${label} \\p{Ll}`, "u").test(said)
  );
}

const alone = (text: string): string[] =>
  text.match(/(?<![\p{L}\p{N}'.+#-])\p{Lu}(?![\p{L}\p{N}'+#-]|\.\p{L})/gu) ?? [];
