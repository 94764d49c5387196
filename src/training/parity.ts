import type { Scored } from "./score-worker.ts";

/** How far two models are apart on the same completions. */
export interface Parity {
  /** Completions compared, and their tokens. */
  examples: number;
  tokens: number;
  /** Of all tokens, the largest difference of their log-probabilities (natural). */
  largestDifference: number;
  meanDifference: number;
  /** Share of the greedy answers that are the same to the last token; null where none was compared. */
  sameAnswers: number | null;
}

/**
 * `gold` are completions that both models scored; `answers` greedy answers of the first one: the second gives the same
 * where it finds the same token most likely at each place.
 */
export function compareScores(
  gold: readonly [Scored[], Scored[]],
  answers: readonly [Scored[], Scored[]],
): Parity {
  const differences = pairs(gold).flatMap(([a, b]) => {
    const isSame = a.targets.length === b.targets.length && a.targets.every((id, i) => id === b.targets[i]);
    // Where the tokens are others, no figure says how far apart the models are.
    return a.logProbabilities.map((value, i) =>
      isSame ? Math.abs(value - b.logProbabilities[i]!) : Infinity,
    );
  });
  const same = pairs(answers).filter(([a, b]) => a.best.every((id, i) => id === b.best[i]));
  const sum = differences.reduce((total, difference) => total + difference, 0);
  return {
    examples: gold[0].length,
    tokens: differences.length,
    // NaN must not pass for small.
    largestDifference: differences.reduce(
      (most, value) => (Number.isNaN(most) || value <= most ? most : value),
      0,
    ),
    meanDifference: differences.length === 0 ? 0 : sum / differences.length,
    sameAnswers: answers[0].length === 0 ? null : same.length / answers[0].length,
  };
}

const pairs = ([a, b]: readonly [Scored[], Scored[]]): [Scored, Scored][] =>
  a.map((one, index) => [one, b[index]!]);
