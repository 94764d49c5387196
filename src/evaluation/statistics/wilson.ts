import type { Estimate } from "../../contracts/index.ts";

const z95 = 1.959963984540054;

/** A rate with Wilson's 95% score interval (Wilson, 1927): sound at small n and at 0 and 1, where the normal one is not. */
export function estimateRate(successes: number, n: number): Estimate {
  const rate = successes / n;
  const denominator = 1 + z95 ** 2 / n;
  const centre = (rate + z95 ** 2 / (2 * n)) / denominator;
  const half = (z95 / denominator) * Math.sqrt((rate * (1 - rate)) / n + z95 ** 2 / (4 * n ** 2));
  const low = successes === 0 ? 0 : centre - half;
  const high = successes === n ? 1 : centre + half;
  return { value: rate, low, high, n };
}

/** The same from right/wrong values; null where there are none. */
export function estimateShare(values: readonly boolean[]): Estimate | null {
  return values.length === 0 ? null : estimateRate(values.filter(Boolean).length, values.length);
}
