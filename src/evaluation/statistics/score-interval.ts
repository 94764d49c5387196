import { studentQuantile } from "./student.ts";

/** What an interval is made from: `squares` is the sum of the squared distances from the mean. */
export interface Spread {
  mean: number;
  squares: number;
  n: number;
  /** What the luck of few trainings adds to the variance of the mean; each part has its own degrees of freedom. */
  luck?: readonly { variance: number; df: number }[];
}

/** Imagined questions that speak for the spread of right/wrong: few values that are all alike make no certainty. */
const imagined = 2;

/**
 * 95% interval of a mean of scores in [0, 1]; null for one score. It is Wilson's score interval (1927) at the effective
 * number of questions, as for means of complex surveys (Korn and Graubard, 1998): n divided by the share that the scores'
 * variance is of right/wrong's. That share is drawn a little towards 1, the quantile is Student's, and the degrees of
 * freedom are Satterthwaite's (1946). docs/decisions/0010 has what it covers, and what the bootstrap does.
 */
export function scoreInterval({ mean, squares, n, luck = [] }: Spread): [low: number, high: number] | null {
  if (n < 2) return null;
  const coin = mean * (1 - mean);
  const floor = 1 / (4 * n);
  const share = (squares + imagined * (coin + floor)) / ((n - 1 + imagined) * coin + imagined * floor);
  const parts = [
    { variance: share / n, df: n - 1 + imagined },
    ...luck.map(({ variance, df }) => ({ variance: variance / Math.max(coin, floor), df })),
  ];
  const total = parts.reduce((sum, { variance }) => sum + variance, 0);
  const df = total ** 2 / parts.reduce((sum, part) => sum + part.variance ** 2 / part.df, 0);
  return wilsonInterval(mean, 1 / total, studentQuantile(0.05, df));
}

/** Wilson's interval of a rate seen on `n`, which need not be whole, `quantile` standard errors wide at each side. */
export function wilsonInterval(rate: number, n: number, quantile: number): [low: number, high: number] {
  const denominator = 1 + quantile ** 2 / n;
  const centre = (rate + quantile ** 2 / (2 * n)) / denominator;
  const half = (quantile / denominator) * Math.sqrt((rate * (1 - rate)) / n + quantile ** 2 / (4 * n ** 2));
  return [rate === 0 ? 0 : centre - half, rate === 1 ? 1 : centre + half];
}
