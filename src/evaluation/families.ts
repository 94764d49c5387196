import type { PairwiseTest } from "../contracts/index.ts";
import { namedRandom } from "../random/index.ts";
import { comparePaired } from "./statistics/compare-paired.ts";
import { holm, holmOfBest } from "./statistics/holm.ts";
import { mean } from "./statistics/quantile.ts";
import { margin, questionsNeeded } from "./statistics/questions-needed.ts";
import { overTrainings } from "./statistics/trainings.ts";
import type { ScoreTable } from "./statistics/trainings.ts";

/** A contender's scores on one metric, everyone's on the same questions in the same order. */
export interface Contestant {
  name: string;
  scores: ScoreTable;
}

export interface Contest {
  metric: PairwiseTest["metric"];
  arms: readonly Contestant[];
  floors: readonly Contestant[];
  /** By arm: the one that it is tested against besides the best, or null. */
  baselines: ReadonlyMap<string, string | null>;
  /** The best arm on this metric. */
  best: string | undefined;
  seed: number;
}

const level = 0.05;

/**
 * Each arm against its baseline, the best arm against each other one, and each arm against the best floor: three families,
 * each with a correction of its own. The order of arms does not matter.
 */
export function testFamilies(contest: Contest): PairwiseTest[] {
  const arms = contest.arms.toSorted(byName);
  const find = (name: string | null | undefined) => arms.find((arm) => arm.name === name);
  const best = find(contest.best);
  const floor = contest.floors
    .toSorted(byName)
    .reduce<Contestant | undefined>((a, b) => (a && scoreOf(a) >= scoreOf(b) ? a : b), undefined);
  const withBaseline = arms.flatMap((arm) => {
    const baseline = find(contest.baselines.get(arm.name));
    return baseline ? [[arm, baseline] as const] : [];
  });
  const withBest = best ? arms.filter((arm) => arm !== best).map((arm) => [best, arm] as const) : [];
  const withFloor = floor ? arms.map((arm) => [arm, floor] as const) : [];
  return [
    ...testFamily(contest, "baseline", withBaseline, holm),
    ...testFamily(contest, "best", withBest, holmOfBest),
    ...testFamily(contest, "floor", withFloor, holm),
  ];
}

const byName = (a: Contestant, b: Contestant): number => (a.name < b.name ? -1 : 1);

const scoreOf = ({ scores }: Contestant): number => mean(overTrainings(scores));

function testFamily(
  { metric, seed }: Contest,
  against: PairwiseTest["against"],
  pairs: readonly (readonly [Contestant, Contestant])[],
  correct: (p: readonly number[]) => number[],
): PairwiseTest[] {
  const tests = pairs.map(([a, b]) => {
    // By name and in one order, so that a pair has the same p in whatever family it is.
    const random = namedRandom(seed, ["sign-flip", metric, ...[a.name, b.name].sort()].join(" "));
    return { a: a.name, b: b.name, ...comparePaired(a.scores, b.scores, random) };
  });
  const adjusted = correct(tests.map(({ p }) => p));
  return tests.map((test, index) => {
    const pHolm = adjusted[index]!;
    const { low, high } = test;
    const leavesOutZero = low !== null && high !== null && (low > 0 || high < 0);
    const significant = pHolm < level && leavesOutZero;
    const equal = !significant && low !== null && high !== null && Math.max(-low, high) <= margin;
    const [a, b] = pairs[index]!;
    const needed = significant || equal ? Infinity : questionsNeeded(a.scores, b.scores);
    return {
      metric,
      against,
      ...test,
      pHolm,
      significant,
      equal,
      needed: needed === Infinity ? null : needed,
    };
  });
}
