import { differenceInterval } from "./compare-paired.ts";
import { mean } from "./quantile.ts";
import { overTrainings, sumOfSquares } from "./trainings.ts";
import type { ScoreTable } from "./trainings.ts";

/** Contenders whose difference is smaller than this, 5 points, are as good as each other. */
export const margin = 0.05;

/**
 * Questions, with differences spread as these are, at which a difference like this one would be found 4 times in 5, or at
 * which its interval would lie within the margin: whichever needs fewer. Infinity beyond what anybody holds out.
 */
export function questionsNeeded(a: ScoreTable, b: ScoreTable): number {
  const others = overTrainings(b);
  const differences = overTrainings(a).map((score, question) => score - others[question]!);
  const [n, difference, squares] = [differences.length, mean(differences), sumOfSquares(differences)];
  const variance = squares / Math.max(1, n - 1);
  const told = difference === 0 ? Infinity : (variance * (1.96 + 0.84) ** 2) / difference ** 2;
  const isSmall = (questions: number): boolean => {
    const spread = { difference, squares: (squares * questions) / n, n: questions, luck: [] };
    const [low, high] = differenceInterval(spread)!;
    return Math.max(-low, high) <= margin;
  };
  const needed = Math.ceil(Math.min(told, smallest(isSmall)));
  return needed > mostQuestions ? Infinity : needed;
}

/** A larger held-out set is none that anybody makes. */
const mostQuestions = 20_000;

/** The smallest number that a condition holds for which holds for all larger ones, too. */
function smallest(holds: (questions: number) => boolean): number {
  if (!holds(mostQuestions)) return Infinity;
  let [low, high] = [2, mostQuestions];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
