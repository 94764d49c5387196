import { countNgrams, overlap } from "./n-grams.ts";

/** Longest n-grams that are compared. */
const order = 4;

/**
 * Corpus BLEU, 0 to 100, against one reference each, as sacrebleu computes it: 13a tokens, exponential smoothing
 * (Papineni et al. 2002; Post, "A Call for Clarity in Reporting BLEU Scores", 2018).
 */
export function bleu(answers: readonly string[], references: readonly string[]): number {
  const matched = new Array<number>(order).fill(0);
  const total = new Array<number>(order).fill(0);
  let length = 0;
  let referenceLength = 0;
  for (const [index, answer] of answers.entries()) {
    const [said, wanted] = [tokens(answer), tokens(references[index]!)];
    length += said.length;
    referenceLength += wanted.length;
    for (let n = 1; n <= order; n++) {
      const own = countNgrams(said, n);
      matched[n - 1]! += overlap(own, countNgrams(wanted, n));
      total[n - 1]! += Math.max(0, said.length - n + 1);
    }
  }
  if (length === 0 || matched[0] === 0) return 0;
  let smoothing = 1;
  let logarithms = 0;
  let effective = 0;
  for (let n = 0; n < order; n++) {
    if (total[n] === 0) break;
    effective = n + 1;
    if (matched[n] === 0) smoothing *= 2;
    logarithms += Math.log(
      matched[n] === 0 ? 100 / (smoothing * total[n]!) : (100 * matched[n]!) / total[n]!,
    );
  }
  // An answer too short for the longest n-grams has no BLEU: one of its precisions is nought.
  if (effective < order) return 0;
  const brevity = length < referenceLength ? Math.exp(1 - referenceLength / length) : 1;
  return brevity * Math.exp(logarithms / order);
}

/** The tokens of mteval-v13a. */
function tokens(text: string): string[] {
  const plain = text
    .replaceAll("<skipped>", "")
    .replaceAll("-\n", "")
    .replaceAll("\n", " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");
  const parted = ` ${plain} `
    .replaceAll(/([{-~[-` -&(-+:-@/])/g, " $1 ")
    .replaceAll(/([^0-9])([.,])/g, "$1 $2 ")
    .replaceAll(/([.,])([^0-9])/g, " $1 $2")
    .replaceAll(/([0-9])(-)/g, "$1 $2 ");
  return parted.split(/\s+/u).filter((token) => token !== "");
}
