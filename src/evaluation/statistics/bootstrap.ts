import type { Estimate } from "../../contracts/index.ts";
import { mean, quantileOfSorted } from "./quantile.ts";
import { namedRandom } from "../../random/index.ts";
import { estimateRate } from "./wilson.ts";

const resamples = 10_000;

/** How often each of n questions is drawn, in each resample: row by row. */
interface Resamples {
  n: number;
  counts: Uint8Array;
}

/** Resamples of n questions. */
export type Resampler = (n: number) => Resamples;

/** The same draws for everything measured on n questions, so that contenders are compared on the same resampled sets. */
export function createResampler(seed: number): Resampler {
  const drawn = new Map<number, Resamples>();
  return (n) => {
    const known = drawn.get(n) ?? drawResamples(n, seed);
    drawn.set(n, known);
    return known;
  };
}

function drawResamples(n: number, seed: number): Resamples {
  const random = namedRandom(seed, `bootstrap ${n}`);
  const counts = new Uint8Array(resamples * n);
  for (let start = 0; start < counts.length; start += n)
    for (let draw = 0; draw < n; draw++) counts[start + Math.floor(random() * n)]! += 1;
  return { n, counts };
}

/** The mean in each resample, ascending. */
function resampleMeans(values: readonly number[], { n, counts }: Resamples): Float64Array {
  const fixed = Float64Array.from(values);
  const means = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    const start = resample * n;
    let sum = 0;
    for (let index = 0; index < n; index++) sum += counts[start + index]! * fixed[index]!;
    means[resample] = sum / n;
  }
  return means.sort();
}

/**
 * Mean with the 95% percentile bootstrap interval (Efron, 1979). Values that are all 0 or all 1 have no spread to resample,
 * which would make a certainty of them: as counts of right or wrong they have Wilson's interval.
 */
export function estimateMean(values: readonly number[], resample: Resampler): Estimate {
  const [first] = values;
  if ((first === 0 || first === 1) && values.every((value) => value === first))
    return estimateRate(first * values.length, values.length);
  const means = resampleMeans(values, resample(values.length));
  const [low, high] = [quantileOfSorted(means, 0.025), quantileOfSorted(means, 0.975)];
  return { value: mean(values), low, high, n: values.length };
}

export interface PairedDifference {
  difference: number;
  low: number;
  high: number;
  p: number;
}

/**
 * Paired bootstrap of the mean difference (Efron and Tibshirani, 1993, ch. 16; Koehn, 2004). The null distribution is the
 * resampled one moved to mean 0; two-sided p = (c + 1) / (resamples + 1), so that no p is 0 by chance of few draws.
 */
export function comparePaired(differences: readonly number[], resample: Resampler): PairedDifference {
  const means = resampleMeans(differences, resample(differences.length));
  const difference = mean(differences);
  // Rounding must not decide whether a resample counts as "at least as far".
  const threshold = Math.abs(difference) - 1e-12;
  const asFar = means.filter((value) => Math.abs(value - difference) >= threshold).length;
  const [low, high] = [quantileOfSorted(means, 0.025), quantileOfSorted(means, 0.975)];
  return { difference, low, high, p: (asFar + 1) / (resamples + 1) };
}
