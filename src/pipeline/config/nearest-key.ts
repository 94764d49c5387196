import { likeness } from "../../contracts/index.ts";

/** The known key that a mistyped one most likely stands for, or undefined when none is close. */
export function nearestKey(key: string, known: string[]): string | undefined {
  const leaf = (path: string): string => path.slice(path.lastIndexOf(".") + 1);
  const best = known
    .map((path) => ({ path, score: likeness(key, leaf(path)) }))
    .sort((a, b) => b.score - a.score)[0];
  return best && best.score >= 0.5 ? best.path : undefined;
}
