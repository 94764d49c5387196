/** The known key that a mistyped one most likely stands for, or undefined when none is close. */
export function nearestKey(key: string, known: string[]): string | undefined {
  const likeness = (path: string): number => {
    const leaf = path.slice(path.lastIndexOf(".") + 1);
    const a = simplify(key);
    const b = simplify(leaf);
    return 1 - editDistance(a, b) / Math.max(a.length, b.length);
  };
  const best = known.map((path) => ({ path, score: likeness(path) })).sort((a, b) => b.score - a.score)[0];
  return best && best.score >= 0.5 ? best.path : undefined;
}

const simplify = (key: string): string => key.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** Levenshtein distance: insertions, deletions and substitutions that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
