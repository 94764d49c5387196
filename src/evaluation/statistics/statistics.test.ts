import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePaired, createResampler, estimateMean } from "./bootstrap.ts";
import { holm } from "./holm.ts";
import { mcnemarExact } from "./mcnemar.ts";
import { quantile } from "./quantile.ts";
import { namedRandom } from "../../random/index.ts";
import { estimateRate } from "./wilson.ts";

const golden = JSON.parse(
  readFileSync(new URL("../../../test/golden/evaluation.json", import.meta.url), "utf8"),
) as {
  mcnemar: [number, number, number][];
  wilson: [number, number, number, number][];
  quantile: { sample: number[]; quantiles: [number, number][] };
  paired: [number[], number][];
};

it("McNemar's exact test is scipy's binomial test", () => {
  for (const [wins, losses, p] of golden.mcnemar) expect(mcnemarExact(wins, losses)).toBeCloseTo(p, 10);
});

it("Wilson intervals are scipy's", () => {
  for (const [successes, n, low, high] of golden.wilson) {
    const estimate = estimateRate(successes, n);
    expect(estimate.low).toBeCloseTo(low, 10);
    expect(estimate.high).toBeCloseTo(high, 10);
  }
});

it("quantiles are numpy's", () => {
  for (const [q, value] of golden.quantile.quantiles)
    expect(quantile(golden.quantile.sample, q)).toBeCloseTo(value, 12);
});

describe("bootstrap", () => {
  it("agrees with the paired t-test where that holds", () => {
    for (const [differences, p] of golden.paired) {
      const measured = comparePaired(differences, createResampler(1));
      expect(Math.abs(measured.p - p)).toBeLessThan(0.02);
      expect(measured.low < 0 && measured.high > 0).toBe(p > 0.05);
    }
  });

  it("is never certain, and sees no difference where there is none", () => {
    expect(comparePaired([1, 1, 1, 1], createResampler(1)).p).toBe(1 / 10_001);
    expect(comparePaired([0, 0, 0], createResampler(1))).toEqual({ difference: 0, low: 0, high: 0, p: 1 });
  });

  it("makes no certainty of values that are all 0 or all 1", () => {
    expect(estimateMean([1, 1, 1, 1, 1], createResampler(1))).toEqual(estimateRate(5, 5));
    expect(estimateMean([0, 0, 0, 0, 0], createResampler(1))).toEqual(estimateRate(0, 5));
    expect(estimateRate(5, 5).low).toBeLessThan(0.6);
  });

  it("repeats with the seed, and has other streams under other names", () => {
    const values = [0.1, 0.9, 0.4, 0.7];
    expect(estimateMean(values, createResampler(5))).toEqual(estimateMean(values, createResampler(5)));
    expect(namedRandom(5, "a")()).not.toBe(namedRandom(5, "b")());
  });

  it("draws as many questions as there are, in every resample", () => {
    const { counts } = createResampler(2)(7);
    for (let start = 0; start < counts.length; start += 7)
      expect(counts.subarray(start, start + 7).reduce((sum, count) => sum + count)).toBe(7);
  });

  it("covers the mean of a skewed sample", () => {
    const random = namedRandom(11);
    const resample = createResampler(11);
    const missed = Array.from({ length: 40 }, () => {
      const sample = Array.from({ length: 40 }, () => random() ** 2);
      const { low, high } = estimateMean(sample, resample);
      return low > 1 / 3 || high < 1 / 3;
    });
    expect(missed.filter(Boolean).length).toBeLessThan(7);
  });
});

describe("random numbers", () => {
  it("are even: 100,000 draws fill 20 cells within what chance allows", () => {
    const random = namedRandom(3);
    const cells = new Array<number>(20).fill(0);
    for (let draw = 0; draw < 100_000; draw++) cells[Math.floor(random() * 20)]! += 1;
    const chiSquared = cells.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0);
    // The 0.1% and 99.9% points of chi-squared with 19 degrees of freedom.
    expect(chiSquared).toBeGreaterThan(5.4);
    expect(chiSquared).toBeLessThan(43.8);
  });
});

describe("Holm", () => {
  it("steps down: Holm's multipliers, never falling", () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([])).toEqual([]);
  });

  it("is between the raw p value and Bonferroni's, and keeps the order", () => {
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(p, { minLength: 1, maxLength: 12 }), (values) => {
        const adjusted = holm(values);
        for (const [index, value] of values.entries()) {
          expect(adjusted[index]!).toBeGreaterThanOrEqual(value);
          expect(adjusted[index]!).toBeLessThanOrEqual(Math.min(1, value * values.length) + 1e-12);
          for (const [other, otherValue] of values.entries())
            if (otherValue < value) expect(adjusted[other]!).toBeLessThanOrEqual(adjusted[index]!);
        }
      }),
    );
  });
});
