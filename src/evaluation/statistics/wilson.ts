import type { Estimate } from "../../contracts/index.ts";
import { wilsonInterval } from "./score-interval.ts";

const z95 = 1.959963984540054;

/** A rate with Wilson's 95% score interval (Wilson, 1927): sound at small n and at 0 and 1, where the normal one is not. */
export function estimateRate(successes: number, n: number): Estimate {
  const value = successes / n;
  if (n < 2) return { value, low: null, high: null, n };
  const [low, high] = wilsonInterval(value, n, z95);
  return { value, low, high, n };
}

/** The same from right/wrong values; null where there are none. */
export function estimateShare(values: readonly boolean[]): Estimate | null {
  return values.length === 0 ? null : estimateRate(values.filter(Boolean).length, values.length);
}
