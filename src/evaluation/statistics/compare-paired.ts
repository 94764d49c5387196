import type { Random } from "../../random/index.ts";
import { mcnemarExact } from "./mcnemar.ts";
import { mean } from "./quantile.ts";
import { scoreInterval } from "./score-interval.ts";
import { signFlip } from "./sign-flip.ts";
import { studentTail } from "./student.ts";
import { overTrainings, sumOfSquares, trainingLuck } from "./trainings.ts";
import type { ScoreTable } from "./trainings.ts";

export interface PairedDifference {
  n: number;
  /** Mean of a minus mean of b, with its 95% interval; null for one question. */
  difference: number;
  low: number | null;
  high: number | null;
  /** Questions on which a scores higher, lower, the same. */
  wins: number;
  losses: number;
  ties: number;
  test: "mcnemar-exact" | "sign-flip" | "sign-flip-and-trainings";
  p: number;
}

/**
 * Two contenders on the same questions, with scores in [0, 1]. p is McNemar's exact one where scores are right or wrong and
 * nothing was trained twice, else that of the sign-flip test; with several trainings, which that test knows
 * nothing of, it is no smaller than that of a t test whose variance has their luck.
 */
export function comparePaired(a: ScoreTable, b: ScoreTable, random: Random): PairedDifference {
  const others = overTrainings(b);
  const differences = overTrainings(a).map((score, question) => score - others[question]!);
  const n = differences.length;
  const difference = mean(differences);
  const squares = sumOfSquares(differences);
  const luck = [...trainingLuck(a), ...trainingLuck(b)];
  const wins = differences.filter((value) => value > 0).length;
  const losses = differences.filter((value) => value < 0).length;
  const [low, high] = differenceInterval({ difference, squares, n, luck }) ?? [null, null];
  const rightOrWrong = differences.every((value) => value === 0 || Math.abs(value) === 1);
  const test = luck.length > 0 ? "sign-flip-and-trainings" : rightOrWrong ? "mcnemar-exact" : "sign-flip";
  const p = test === "mcnemar-exact" ? mcnemarExact(wins, losses) : signFlip(differences, random);
  return {
    n,
    difference,
    low,
    high,
    wins,
    losses,
    ties: n - wins - losses,
    test,
    p: luck.length === 0 ? p : Math.max(p, tailWithLuck(difference, squares, n, luck)),
  };
}

type Luck = ReturnType<typeof trainingLuck>;

/** Differences lie in [-1, 1]: moved to [0, 1], they have the interval of scores. */
export function differenceInterval(spread: {
  difference: number;
  squares: number;
  n: number;
  luck: Luck;
}): [number, number] | null {
  const interval = scoreInterval({
    mean: (spread.difference + 1) / 2,
    squares: spread.squares / 4,
    n: spread.n,
    luck: spread.luck.map(({ variance, df }) => ({ variance: variance / 4, df })),
  });
  return interval && [2 * interval[0] - 1, 2 * interval[1] - 1];
}

function tailWithLuck(difference: number, squares: number, n: number, luck: Luck): number {
  if (n < 2) return 1;
  const parts = [{ variance: squares / (n - 1) / n, df: n - 1 }, ...luck];
  const total = parts.reduce((sum, { variance }) => sum + variance, 0);
  if (total === 0) return difference === 0 ? 1 : 0;
  const df = total ** 2 / parts.reduce((sum, part) => sum + part.variance ** 2 / part.df, 0);
  return studentTail(difference / Math.sqrt(total), df);
}
