import type { Estimate } from "../../contracts/index.ts";
import { mean } from "./quantile.ts";
import { scoreInterval } from "./score-interval.ts";
import { overTrainings, sumOfSquares, trainingLuck } from "./trainings.ts";
import type { ScoreTable } from "./trainings.ts";

/** Mean of scores in [0, 1] over questions, and over trainings where there are several, with its 95% interval. */
export function estimateMean(scores: ScoreTable): Estimate {
  const values = overTrainings(scores);
  const [value, n] = [mean(values), values.length];
  const interval = scoreInterval({
    mean: value,
    squares: sumOfSquares(values),
    n,
    luck: trainingLuck(scores),
  });
  return { value, low: interval?.[0] ?? null, high: interval?.[1] ?? null, n };
}
