import type { PairwiseTest } from "../contracts/index.ts";
import { comparePaired } from "./statistics/bootstrap.ts";
import type { Resampler } from "./statistics/bootstrap.ts";
import { holm } from "./statistics/holm.ts";
import { mcnemarExact } from "./statistics/mcnemar.ts";

/** One contender's scores on one metric, every contender's in the same order of questions. */
export interface ScoreRow {
  name: string;
  against: PairwiseTest["against"];
  scores: number[];
}

const level = 0.05;

/**
 * Every pair of arms and every arm with every floor: McNemar's exact test for right/wrong, paired bootstrap for graded
 * scores; Holm's correction over the pairs of arms and, apart from them, over the pairs with floors.
 */
export function comparePairs(
  metric: PairwiseTest["metric"],
  rows: readonly ScoreRow[],
  resample: Resampler,
): PairwiseTest[] {
  const byName = rows.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const arms = byName.filter((row) => row.against === "arm");
  const floors = byName.filter((row) => row.against === "floor");
  const armPairs = arms.flatMap((a, index) =>
    arms.slice(index + 1).map((b) => comparePair(metric, a, b, resample)),
  );
  const floorPairs = arms.flatMap((a) => floors.map((b) => comparePair(metric, a, b, resample)));
  return [correctFamily(armPairs), correctFamily(floorPairs)].flat();
}

type Uncorrected = Omit<PairwiseTest, "pHolm" | "significant">;

function correctFamily(tests: Uncorrected[]): PairwiseTest[] {
  const adjusted = holm(tests.map((test) => test.p));
  return tests.map((test, index) => {
    const pHolm = adjusted[index]!;
    return { ...test, pHolm, significant: pHolm < level };
  });
}

function comparePair(
  metric: PairwiseTest["metric"],
  a: ScoreRow,
  b: ScoreRow,
  resample: Resampler,
): Uncorrected {
  const differences = a.scores.map((score, index) => score - b.scores[index]!);
  const wins = differences.filter((difference) => difference > 0).length;
  const losses = differences.filter((difference) => difference < 0).length;
  const { p: bootstrapP, ...interval } = comparePaired(differences, resample);
  const rightOrWrong = metric === "correct";
  return {
    metric,
    test: rightOrWrong ? "mcnemar-exact" : "paired-bootstrap",
    a: a.name,
    b: b.name,
    against: b.against,
    n: differences.length,
    ...interval,
    wins,
    losses,
    ties: differences.length - wins - losses,
    p: rightOrWrong ? mcnemarExact(wins, losses) : bootstrapP,
  };
}

/** The same test with the other contender first. */
export function swapSides(test: PairwiseTest): PairwiseTest {
  const { a, b, difference, low, high, wins, losses } = test;
  return { ...test, a: b, b: a, difference: -difference, low: -high, high: -low, wins: losses, losses: wins };
}
