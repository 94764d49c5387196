import type { Estimate } from "../../contracts/index.ts";
import { mean, quantile } from "./quantile.ts";
import type { Random } from "./random.ts";

const resamples = 10_000;

function resampledMeans(values: readonly number[], random: Random): Float64Array {
  const n = values.length;
  const fixed = Float64Array.from(values);
  return new Float64Array(resamples).map(() => {
    let sum = 0;
    for (let draw = 0; draw < n; draw++) sum += fixed[Math.floor(random() * n)]!;
    return sum / n;
  });
}

/** Mean with the 95% percentile bootstrap interval (Efron, 1979). */
export function estimateMean(values: readonly number[], random: Random): Estimate {
  const means = resampledMeans(values, random);
  return { value: mean(values), low: quantile(means, 0.025), high: quantile(means, 0.975), n: values.length };
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
export function comparePaired(differences: readonly number[], random: Random): PairedDifference {
  const means = resampledMeans(differences, random);
  const observed = mean(differences);
  // Rounding must not decide whether a resample counts as "at least as far".
  const threshold = Math.abs(observed) - 1e-12;
  const asFar = means.filter((value) => Math.abs(value - observed) >= threshold).length;
  return {
    difference: observed,
    low: quantile(means, 0.025),
    high: quantile(means, 0.975),
    p: (asFar + 1) / (resamples + 1),
  };
}
