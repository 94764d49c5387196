import type { ArmResult } from "../../contracts/index.ts";
import { estimateRate } from "../statistics/wilson.ts";
import { plainText } from "../../text/index.ts";
import { shortAnswer, stripStyle } from "./short-answer.ts";

/**
 * What two texts of the same label have in common: the short answer in lower case, without articles and the punctuation
 * around it. Symbols stay, as they may tell labels apart (`C++`, `A-`), and so does what is nothing else (`The`, `+`).
 */
export function labelOf(text: string): string {
  return plainLabel(shortAnswer(text)) || plainText(text).trim().toLowerCase();
}

function plainLabel(text: string): string {
  const plain = plainText(text).trim().toLowerCase();
  const bare = plain
    .replace(/^["'([{]+|["')\]}.,:;!?]+$/gu, "")
    .replace(/(?<=\p{L})[.,'](?=\p{L}|$)|[,;](?=\s)|"/gu, "");
  const named = bare
    .replace(/(?<![\p{L}\p{N}_])(?:an?|the)\s+/gu, "")
    .replace(/[\s_]+/gu, " ")
    .trim();
  return named || bare || plain;
}

/**
 * The label that an answer gives: all of its short answer, or what it opens with before a comma or the like (`No, the
 * clause does not.`). Of another answer the short answer, which is no label.
 */
export function readLabel(answer: string, labels: ReadonlySet<string>): string {
  const whole = labelOf(answer);
  if (labels.has(whole)) return whole;
  const opening = plainLabel(stripStyle(answer).split(/(?<=\S)[,.;:!?()–—\n]|\s-\s/u, 1)[0] ?? "");
  if (labels.has(opening)) return opening;
  return onlyLabelIn(shortAnswer(answer), labels) ?? whole;
}

/** The one label that a sentence has in it and does not deny: `The review is positive.` */
function onlyLabelIn(sentence: string, labels: ReadonlySet<string>): string | undefined {
  const text = ` ${plainText(sentence)
    .toLowerCase()
    .replace(/(?<=[\p{L}\p{N}])[.,:;!?"')\]]+(?=\s|$)|(?<=\s|^)["'([]+/gu, "")} `;
  const held = [...labels].filter((label) =>
    label.length > 1 ? text.includes(` ${label} `) : standsAsLetter(sentence, label),
  );
  const longest = held.filter((label) => !held.some((other) => other !== label && other.includes(label)));
  const [only] = longest;
  if (only === undefined || longest.length > 1) return undefined;
  return new RegExp(`(?:\\b(?:not|never|no|nicht|kein\\w*|pas|ne|não|не)|n't) (?:\\S+ )?$`, "u").test(
    text.slice(0, text.indexOf(` ${only} `) + 1),
  )
    ? undefined
    : only;
}

/** `Option A`, and not the article of `A cat`. */
const standsAsLetter = (sentence: string, label: string): boolean =>
  new RegExp(
    `(?<![\\p{L}\\p{N}])${label.toUpperCase().replace(/[^\p{L}\p{N}]/gu, String.raw`\$&`)}(?=[).:,]|\\s*$)`,
    "u",
  ).test(sentence);

/**
 * Accuracy, and macro-F1 over the labels that occur among the golds (a label that is only predicted counts through the
 * false positives of no other, as in scikit-learn with `labels` set to the golds').
 */
export function measureClassification(
  answers: readonly { text: string; gold: string }[],
  labels: ReadonlySet<string>,
): NonNullable<ArmResult["classification"]> {
  const pairs = answers.map(({ text, gold }) => ({ answer: readLabel(text, labels), gold: labelOf(gold) }));
  const goldLabels = [...new Set(pairs.map((pair) => pair.gold))];
  const f1 = goldLabels.map((label) => {
    const both = pairs.filter((pair) => pair.gold === label && pair.answer === label).length;
    const either =
      pairs.filter((pair) => pair.gold === label).length +
      pairs.filter((pair) => pair.answer === label).length;
    return (2 * both) / either;
  });
  const right = pairs.filter((pair) => pair.answer === pair.gold).length;
  return {
    labels: labels.size,
    accuracy: estimateRate(right, pairs.length),
    macroF1: f1.reduce((sum, value) => sum + value, 0) / f1.length,
    offLabel: pairs.filter((pair) => !labels.has(pair.answer)).length,
  };
}
