import type { ArmResult } from "../../contracts/index.ts";
import { estimateRate } from "../statistics/wilson.ts";
import { shortAnswer, stripStyle } from "./short-answer.ts";
import { normaliseSquad } from "./squad.ts";

/** What two texts of the same label have in common: the short answer, SQuAD-normalised. */
export function labelOf(text: string): string {
  return normaliseSquad(shortAnswer(text));
}

/**
 * The label that an answer gives: all of its short answer, or what it opens with before a comma or the like (`No, the
 * clause does not.`). Of another answer the short answer, which is no label.
 */
export function readLabel(answer: string, labels: ReadonlySet<string>): string {
  const whole = labelOf(answer);
  if (labels.has(whole)) return whole;
  const opening = normaliseSquad(stripStyle(answer).split(/[,.;:!?()–—\n]|\s-\s/u, 1)[0] ?? "");
  return labels.has(opening) ? opening : whole;
}

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
