import type { Shown } from "./find-hidden.ts";
import type { Item } from "./mend-items.ts";

/**
 * The stretches of a page's text without what nobody sees of them. The two lists hold the same characters in the same
 * order; where they do not, text stays.
 */
export function dropHidden(items: Item[], shown: Shown[]): Item[] {
  if (shown.every(({ why }) => why === undefined)) return items;
  const drawn = shown.map(({ characters }) => inked(characters));
  const whole = drawn.join("");
  const isHidden = shown.flatMap(({ why }, index) =>
    Array.from({ length: drawn[index]!.length }, () => why !== undefined),
  );
  let at = 0;
  return items.flatMap((item) => {
    const wanted = inked(item.str);
    const found = place(whole, wanted, at);
    if (wanted === "" || found < 0) return [item];
    at = found + wanted.length;
    const own = isHidden.slice(found, at);
    const count = own.filter(Boolean).length;
    if (count === 0) return [item];
    if (count === own.length) return [];
    // Where letters run from right to left, it is not known which ones they are.
    if (item.dir === "rtl") return count * 2 > own.length ? [] : [item];
    return cut(item, own);
  });
}

const inked = (text: string): string => text.replace(/[\s\p{Cf}]+/gu, "");

/** More characters than this are hardly drawn between what comes next to each other in the text. */
const furthest = 5000;

/** Where `wanted` stands in what is drawn, from `from` on; -1 where it does not. */
function place(drawn: string, wanted: string, from: number): number {
  if (drawn.startsWith(wanted, from)) return from;
  const next = drawn.slice(from, from + wanted.length);
  // Text from right to left is turned around.
  if (next.length === wanted.length && sorted(next) === sorted(wanted)) return from;
  const further = drawn.slice(from, from + furthest + wanted.length).indexOf(wanted);
  return further < 0 ? -1 : from + further;
}

const sorted = (text: string): string => [...text].sort().join("");

/** What is seen of an item in part. Letters are taken as equally wide. */
function cut(item: Item, isHidden: boolean[]): Item[] {
  const runs: { text: string; start: number; isHidden: boolean }[] = [];
  let inkedBefore = 0;
  for (const [start, character] of item.str.split("").entries()) {
    const last = runs.at(-1);
    const hidden = inked(character) === "" ? (last?.isHidden ?? false) : isHidden[inkedBefore++]!;
    if (last && last.isHidden === hidden) last.text += character;
    else runs.push({ text: character, start, isHidden: hidden });
  }
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = item.transform;
  const long = Math.hypot(a, b) || 1;
  return runs
    .filter((run) => !run.isHidden)
    .map(({ text, start }) => {
      const before = (item.width * start) / item.str.length / long;
      const width = (item.width * text.length) / item.str.length;
      return { ...item, str: text, width, transform: [a, b, c, d, e + before * a, f + before * b] };
    });
}
