import type { Random } from "../../random/index.ts";
import { mean } from "./quantile.ts";

const resamples = 2000;

/**
 * By how much the score of the best of several contenders is likely too high because it was picked on these very questions
 * (Efron, 1983): over bootstrap resamples of the questions, how far the score of the one that is best in the resample lies
 * above its own score on all of them. A row for each contender, a column for each question.
 */
export function measureOptimism(scores: readonly (readonly number[])[], random: Random): number {
  const n = scores[0]!.length;
  const own = scores.map((row) => mean(row));
  let total = 0;
  for (let round = 0; round < resamples; round++) {
    const counts = new Float64Array(n);
    for (let draw = 0; draw < n; draw++) counts[Math.floor(random() * n)]! += 1;
    let [best, gain] = [-Infinity, 0];
    for (const [contender, row] of scores.entries()) {
      let sum = 0;
      for (let question = 0; question < n; question++) sum += counts[question]! * row[question]!;
      if (sum / n <= best) continue;
      best = sum / n;
      gain = best - own[contender]!;
    }
    total += gain;
  }
  return Math.max(0, total / resamples);
}
