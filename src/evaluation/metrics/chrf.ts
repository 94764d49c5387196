import { countNgrams, overlap } from "./n-grams.ts";

const characterOrder = 6;
const wordOrder = 2;
/** Recall counts so much more than precision. */
const beta = 2;

/**
 * Corpus chrF2++, 0 to 100, against one reference each, as sacrebleu computes it: F2 over runs of one to six characters,
 * blanks left out, and one to two words (Popović, "chrF++: words helping character n-grams", 2017).
 */
export function chrf(answers: readonly string[], references: readonly string[]): number {
  const orders = characterOrder + wordOrder;
  const sums = Array.from({ length: orders }, () => ({ said: 0, wanted: 0, matched: 0 }));
  for (const [index, answer] of answers.entries()) {
    const grams = (text: string): Map<string, number>[] => [
      ...Array.from({ length: characterOrder }, (_, n) =>
        countNgrams([...text.replaceAll(/\s+/gu, "")], n + 1),
      ),
      ...Array.from({ length: wordOrder }, (_, n) => countNgrams(words(text), n + 1)),
    ];
    const [said, wanted] = [grams(answer), grams(references[index]!)];
    for (const [place, sum] of sums.entries()) {
      const total = size(said[place]!);
      const reference = size(wanted[place]!);
      sum.said += reference > 0 ? total : 0;
      sum.wanted += reference;
      sum.matched += overlap(said[place]!, wanted[place]!);
    }
  }
  // Of the orders that both have; where the corpus has none, as of empty answers, there is nothing to share.
  const known = sums.filter(({ said, wanted }) => said > 0 && wanted > 0);
  const mean = (of: (sum: (typeof sums)[number]) => number): number =>
    known.reduce((total, sum) => total + of(sum), 0) / Math.max(1, known.length);
  const precision = mean(({ said, matched }) => matched / said);
  const recall = mean(({ wanted, matched }) => matched / wanted);
  const weight = beta ** 2;
  return precision + recall === 0
    ? 0
    : (100 * (1 + weight) * precision * recall) / (weight * precision + recall);
}

const size = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, each) => sum + each, 0);

const mark = /^[!-/:-@[-`{-~]$/;

/** Words with a mark at their end, or else at their beginning, taken off. */
function words(text: string): string[] {
  return text.split(/\s+/u).flatMap((word) => {
    if (word.length <= 1) return word === "" ? [] : [word];
    if (mark.test(word.at(-1)!)) return [word.slice(0, -1), word.at(-1)!];
    if (mark.test(word[0]!)) return [word[0]!, word.slice(1)];
    return [word];
  });
}
