import { likeness } from "../../text/index.ts";

/** Names less alike than this are other words: `type` and `top_k` share half. */
const leastLikeness = 0.6;

/**
 * The known key that a mistyped one most likely stands for, one of the same section where that has any; undefined when
 * none is close. `section` is the dotted path that the key stands under, empty at the top.
 */
export function nearestKey(key: string, section: string, known: string[]): string | undefined {
  const near = known
    .map((path) => ({ path, ...parted(path) }))
    .map((each) => ({ ...each, score: likeness(key, each.leaf) }))
    .filter(({ score }) => score >= leastLikeness)
    .sort((a, b) => b.score - a.score);
  return (near.find((each) => each.section === section) ?? near[0])?.path;
}

function parted(path: string): { section: string; leaf: string } {
  const dot = path.lastIndexOf(".");
  return { section: path.slice(0, Math.max(dot, 0)), leaf: path.slice(dot + 1) };
}
