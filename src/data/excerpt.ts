import type { List } from "./list.ts";

/** So many texts tell what most of them open with. */
const looked = 999;
/** A shorter opening that they share is left: it takes no room. */
const worthCutting = 24;

/**
 * Shortens a text to what tells it from the others: without the opening that more than half of `texts` share, such as
 * an instruction before each question. Of the rest `length` characters at most.
 */
export function createExcerpt(texts: List<string>): (text: string, length: number) => string {
  const opening = sharedOpening(texts);
  return (text, length) => {
    const isShared = opening !== "" && text.length > opening.length && text.startsWith(opening);
    const rest = (isShared ? text.slice(opening.length) : text).trim().replaceAll(/\s+/g, " ");
    const characters = [...rest];
    const shown = characters.length > length ? `${characters.slice(0, length).join("")}…` : rest;
    return isShared ? `… ${shown}` : shown;
  };
}

/** To the end of a word; "" where more than half share none that is worth it. In order, it is one of the middle text. */
function sharedOpening(texts: List<string>): string {
  const step = Math.max(1, Math.ceil(texts.length / looked));
  const sample: string[] = [];
  for (let place = 0; place < texts.length; place += step) sample.push(texts.at(place)!);
  const ordered = [...new Set(sample)].sort();
  const middle = ordered[ordered.length >> 1];
  if (middle === undefined || ordered.length < 3) return "";
  const shared = ordered.map((text) => sharedLength(text, middle)).sort((a, b) => b - a);
  const length = shared[ordered.length >> 1]!;
  const opening = middle.slice(0, length).replace(/\S*$/, "");
  return opening.length < worthCutting ? "" : opening;
}

function sharedLength(left: string, right: string): number {
  let length = 0;
  while (length < left.length && length < right.length && left[length] === right[length]) length++;
  return length;
}
