import { mean } from "./quantile.ts";

/** One contender's scores: a row for each training of it (one where it is not tuned), a column for each question. */
export type ScoreTable = readonly (readonly number[])[];

/** The score of each question, as the mean over the trainings. */
export function overTrainings(scores: ScoreTable): number[] {
  const [first] = scores;
  if (scores.length === 1) return [...first!];
  return first!.map((_, question) => mean(scores.map((row) => row[question]!)));
}

/**
 * What few trainings leave open of the mean: the variance of their means over their number. It holds some of the luck of the
 * answers, too, which the questions' spread has already: a little too wide is better than too narrow, with so few.
 */
export function trainingLuck(scores: ScoreTable): { variance: number; df: number }[] {
  if (scores.length < 2) return [];
  const means = scores.map((row) => mean(row));
  const df = scores.length - 1;
  return [{ variance: sumOfSquares(means) / df / scores.length, df }];
}

export function sumOfSquares(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
}
