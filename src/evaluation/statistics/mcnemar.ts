/**
 * McNemar's exact test, two-sided: of the questions on which exactly one of two arms is right, are `wins` and `losses`
 * what a fair coin gives? (McNemar, 1947; exact binomial form.) Ties say nothing and are left out.
 */
export function mcnemarExact(wins: number, losses: number): number {
  const n = wins + losses;
  if (n === 0) return 1;
  // P(X <= k) of Binomial(n, 1/2), each term from the last, in logarithms so that large n does not underflow.
  let logTerm = -n * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let k = 1; k <= Math.min(wins, losses); k++) {
    logTerm += Math.log((n - k + 1) / k);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}
