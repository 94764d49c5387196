/**
 * Reciprocal rank fusion: an item's score is the sum over the lists of 1 / (k + rank), rank from 1. (Cormack, Clarke,
 * Büttcher: "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods", SIGIR 2009; k = 60 is
 * theirs.) Each list holds distinct keys, best first. Best first; equal scores are put in the order of their keys, so
 * that the same lists always give the same answer.
 */
export function fuseRanks(lists: readonly (readonly string[])[], k = 60): { key: string; score: number }[] {
  const scores = new Map<string, number>();
  for (const list of lists) {
    for (const [index, key] of list.entries()) scores.set(key, (scores.get(key) ?? 0) + 1 / (k + index + 1));
  }
  return [...scores]
    .map(([key, score]) => ({ key, score }))
    .sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1));
}
