import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { namedRandom } from "../../random/index.ts";
import { comparePaired } from "./compare-paired.ts";
import { estimateMean } from "./estimate-mean.ts";
import { holm, holmOfBest } from "./holm.ts";
import { mcnemarExact } from "./mcnemar.ts";
import { measureOptimism } from "./optimism.ts";
import { quantile } from "./quantile.ts";
import { questionsNeeded } from "./questions-needed.ts";
import { signFlip } from "./sign-flip.ts";
import { studentQuantile, studentTail } from "./student.ts";
import { estimateRate } from "./wilson.ts";

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../test/golden/${name}`, import.meta.url), "utf8"));
const golden = read("evaluation.json") as {
  mcnemar: [number, number, number][];
  wilson: [number, number, number, number][];
  quantile: { sample: number[]; quantiles: [number, number][] };
  paired: [number[], number][];
};
const scipy = read("statistics.json") as {
  student: [number, number, number][];
  quantiles: [number, number][];
  signFlip: [number[], number][];
  holm: [number[], number[]][];
};

const random = namedRandom(1, "test");
const against0 = (differences: number[]) => comparePaired([differences], [differences.map(() => 0)], random);

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

it("Student's tails and quantiles are scipy's", () => {
  for (const [t, df, p] of scipy.student) expect(studentTail(t, df)).toBeCloseTo(p, 10);
  for (const [df, t] of scipy.quantiles) expect(studentQuantile(0.05, df)).toBeCloseTo(t, 7);
});

describe("the sign-flip test", () => {
  it("is exact for few questions: of one no p is below 1, of three none below a quarter", () => {
    expect(signFlip([0.4], random)).toBe(1);
    expect(signFlip([0.3, 0.35, 0.4], random)).toBe(0.25);
    expect(signFlip([-0.3, -0.35, -0.4, 0], random)).toBe(0.25);
    expect(signFlip([0, 0, 0], random)).toBe(1);
  });

  it("is scipy's permutation test", () => {
    for (const [sample, p] of scipy.signFlip) expect(signFlip(sample, random)).toBeCloseTo(p, 10);
  });

  it("is McNemar's test where all differences are whole", () => {
    for (const [wins, losses] of [
      [3, 1],
      [9, 2],
      [12, 7],
    ] as const) {
      const sample = [...new Array<number>(wins).fill(1), ...new Array<number>(losses).fill(-1), 0, 0];
      expect(signFlip(sample, random)).toBeCloseTo(mcnemarExact(wins, losses), 10);
    }
  });

  it("is near the paired t test for many questions, and never 0", () => {
    for (const [differences, p] of golden.paired)
      expect(Math.abs(signFlip(differences, random) - p)).toBeLessThan(0.02);
    expect(signFlip(new Array<number>(60).fill(0.5), random)).toBeGreaterThan(0);
  });

  it("repeats with the seed", () => {
    const sample = golden.paired[0]![0];
    expect(signFlip(sample, namedRandom(3, "a"))).toBe(signFlip(sample, namedRandom(3, "a")));
  });
});

describe("intervals", () => {
  it("are none for one question", () => {
    expect(estimateMean([[0.7]])).toEqual({ value: 0.7, low: null, high: null, n: 1 });
    expect(estimateRate(1, 1)).toEqual({ value: 1, low: null, high: null, n: 1 });
    expect(against0([0.4])).toMatchObject({ low: null, high: null, p: 1 });
  });

  it("make no certainty of values that are all alike", () => {
    expect(estimateMean([[1, 1, 1, 1, 1]]).low).toBeLessThan(0.6);
    expect(estimateMean([[0, 0, 0, 0, 0]]).high).toBeGreaterThan(0.4);
    const same = estimateMean([new Array<number>(20).fill(0.5)]);
    expect(same.high! - same.low!).toBeGreaterThan(0.1);
    // 20 ties: the rule of three leaves 14 points open on either side.
    const ties = against0(new Array<number>(20).fill(0));
    expect(ties.high).toBeCloseTo(0.145, 2);
    expect(ties.low).toBeCloseTo(-0.145, 2);
  });

  it("lie within the scale and around the mean, whatever the scores", () => {
    const table = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 30 }))
      .chain(([trainings, questions]) =>
        fc.array(
          fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
            minLength: questions,
            maxLength: questions,
          }),
          { minLength: trainings, maxLength: trainings },
        ),
      );
    fc.assert(
      fc.property(table, (scores) => {
        const { value, low, high } = estimateMean(scores);
        expect(low).toBeGreaterThanOrEqual(-1e-12);
        expect(high).toBeLessThanOrEqual(1 + 1e-12);
        expect(low).toBeLessThanOrEqual(value + 1e-12);
        expect(high).toBeGreaterThanOrEqual(value - 1e-12);
      }),
    );
  });

  // Of scores that trouble the bootstrap: it covers the mean of the second in 15 to 87 samples of a hundred.
  it.each([
    ["with lumps at both ends", (u: number, v: number) => (u < 0.55 ? 0 : u < 0.8 ? 1 : v), 0.35],
    ["mostly 0", (u: number, v: number) => (u < 0.95 ? 0 : v), 0.025],
    ["skewed", (u: number) => u ** 4, 0.2],
    ["mostly near 1", (u: number, v: number) => (u < 0.9 ? 1 : v), 0.95],
  ])("cover the mean of scores %s", (name, score, mean) => {
    for (const n of [3, 8, 20, 100]) {
      const draw = namedRandom(n, name);
      const covered = Array.from({ length: 1000 }, () => {
        const { low, high } = estimateMean([Array.from({ length: n }, () => score(draw(), draw()))]);
        return low! <= mean && mean <= high!;
      });
      expect(covered.filter(Boolean).length, `n = ${n}`).toBeGreaterThan(925);
    }
  });

  it("cover the mean over trainings that differ by luck, which the questions alone do not", () => {
    const draw = namedRandom(5, "trainings");
    const normal = () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
    const covers = ({ low, high }: { low: number | null; high: number | null }) =>
      low! <= 0.5 && 0.5 <= high!;
    let [all, first] = [0, 0];
    for (let round = 0; round < 400; round++) {
      const easy = Array.from({ length: 80 }, () => (draw() < 0.5 ? 0.25 : 0.75));
      const scores = [1, 2, 3].map(() => {
        const luck = 0.06 * normal();
        return easy.map((chance) => (draw() < chance + luck ? 1 : 0));
      });
      if (covers(estimateMean(scores))) all++;
      if (covers(estimateMean([scores[0]!]))) first++;
    }
    expect(all / 400).toBeGreaterThan(0.93);
    expect(first / 400).toBeLessThan(0.9);
  });
});

describe("a paired comparison", () => {
  it("counts the luck of training: three trainings that disagree are no proof", () => {
    const base = [new Array<number>(60).fill(0).map((_, i) => (i % 2 === 0 ? 1 : 0))];
    const right = (share: number) => new Array<number>(60).fill(0).map((_, i) => (i < share * 60 ? 1 : 0));
    const once = comparePaired([right(0.8)], base, random);
    const thrice = comparePaired([right(0.8), right(0.95), right(0.5)], base, random);
    expect(once.p).toBeLessThan(0.01);
    expect(thrice.test).toBe("sign-flip-and-trainings");
    expect(thrice.p).toBeGreaterThan(0.05);
    expect(thrice.high! - thrice.low!).toBeGreaterThan(once.high! - once.low!);
  });

  it("says how many questions would tell, or show that the difference is small", () => {
    const repeat = (n: number, wins: number, losses: number) =>
      Array.from({ length: n }, (_, i) => (i < wins ? 1 : i < wins + losses ? -1 : 0));
    const neededFor = (differences: number[]) => questionsNeeded([differences], [differences.map(() => 0)]);
    // Ties alone: as many as it takes for the interval to lie within 5 points.
    const needed = neededFor(repeat(20, 0, 0));
    expect(needed).toBeGreaterThan(50);
    const enough = against0(repeat(needed, 0, 0));
    expect(Math.max(-enough.low!, enough.high!)).toBeLessThanOrEqual(0.05);
    // A fifth of the questions differ, two in three of them one way: McNemar's usual approximation.
    const told = neededFor(repeat(150, 20, 10));
    expect(told).toBeGreaterThan(300);
    expect(told).toBeLessThan(400);
  });
});

describe("Holm", () => {
  it("steps down: Holm's multipliers, never falling", () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([])).toEqual([]);
  });

  it("rejects at every level what the procedure of the paper rejects", () => {
    for (const [family, adjusted] of scipy.holm)
      for (const [index, p] of holm(family).entries()) expect(p).toBeCloseTo(adjusted[index]!, 4);
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

describe("the best of many", () => {
  it("is tested for all pairs that could have been picked", () => {
    expect(holmOfBest([0.01])).toEqual([0.01]);
    // 4 arms: 6 pairs, then 3, then 1.
    expect(holmOfBest([0.001, 0.2, 0.01])).toEqual([0.006, 0.2, 0.03]);
  });

  it("is called better than another by chance in 5 of 100 comparisons of 12 equal arms at most", () => {
    const draw = namedRandom(8, "equal arms");
    let [rejected, naive] = [0, 0];
    for (let round = 0; round < 600; round++) {
      const arms = Array.from({ length: 12 }, () => Array.from({ length: 60 }, () => (draw() < 0.5 ? 1 : 0)));
      const total = (scores: number[]) => scores.reduce((sum, score) => sum + score, 0);
      const best = arms.reduce((a, b) => (total(b) > total(a) ? b : a));
      const p = arms
        .filter((arm) => arm !== best)
        .map((arm) => {
          const differences = best.map((score, question) => score - arm[question]!);
          return mcnemarExact(
            differences.filter((difference) => difference > 0).length,
            differences.filter((difference) => difference < 0).length,
          );
        });
      if (holmOfBest(p).some((value) => value < 0.05)) rejected++;
      if (holm(p).some((value) => value < 0.05)) naive++;
    }
    expect(rejected / 600).toBeLessThanOrEqual(0.05);
    expect(naive).toBeGreaterThan(rejected);
  });

  it("scores too high by what picking adds: much among equals, nothing where it is far ahead", () => {
    const draw = namedRandom(9, "optimism");
    const arm = (chance: number) => Array.from({ length: 50 }, () => (draw() < chance ? 1 : 0));
    const equals = measureOptimism(
      Array.from({ length: 12 }, () => arm(0.5)),
      draw,
    );
    expect(equals).toBeGreaterThan(0.03);
    expect(equals).toBeLessThan(0.2);
    expect(measureOptimism([arm(0.95), arm(0.05)], draw)).toBeLessThan(0.005);
  });
});
