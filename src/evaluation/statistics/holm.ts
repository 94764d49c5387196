/** Holm's step-down correction (1979) over one family of tests: adjusted p values, in the order given. */
export function holm(p: readonly number[]): number[] {
  return stepDown(p, (left) => left);
}

/**
 * The same for the tests of the best of several contenders against each other one. Which one is best was read from the same
 * scores, so any pair could have been the one that is tested: while k contenders are not told from the best,
 * itself among them, a test counts for all k (k - 1) / 2 pairs of them.
 */
export function holmOfBest(p: readonly number[]): number[] {
  return stepDown(p, (left) => (left * (left + 1)) / 2);
}

/** The smallest p first; `counts` says for how many tests it stands when so many are left. */
function stepDown(p: readonly number[], counts: (left: number) => number): number[] {
  const order = p.map((_, index) => index).sort((a, b) => p[a]! - p[b]!);
  const adjusted = new Array<number>(p.length);
  let largest = 0;
  for (const [rank, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, p[index]! * counts(p.length - rank)));
    adjusted[index] = largest;
  }
  return adjusted;
}
