import type { Item } from "../../text/index.ts";
import type { Content } from "./content.ts";
import { isAcronymOf, keysOf, romanValue, sameWord, standsIn } from "./same-word.ts";

/** Where each piece of the gold stands in the answer. */
export type Found = Map<Item, Item[]>;

export function findWord(
  gold: Item,
  words: readonly Item[],
  asked: Content,
  said: Content,
  found: Found,
): boolean {
  const matches = said.reading.items.filter((item) => sameWord(gold, item, asked.reading, said.reading));
  const inside = standsIn(gold, said.reading);
  if (inside) matches.push(inside);
  if (matches.length > 0) {
    found.set(gold, matches);
    return true;
  }
  const value = romanValue(gold);
  if (value !== undefined)
    return said.items.some(
      ({ figure }) => figure?.kind === "number" && figure.value === value && figure.unit === null,
    );
  return (
    isJoined(gold, words, asked, said) || said.reading.items.some((item) => isInAcronym(gold, item, words))
  );
}

/** `e-mail` and `email`, `JRR` and `J. R. R.`: two words on one side are one on the other. */
function isJoined(gold: Item, words: readonly Item[], asked: Content, said: Content): boolean {
  const given = said.reading.items.filter((item) => item.kind === "word");
  const keys = keysOf(gold, asked.reading);
  for (let at = 0; at < given.length; at++) {
    for (const length of [2, 3])
      if (
        keys.has(
          given
            .slice(at, at + length)
            .map(({ folded }) => folded)
            .join(""),
        )
      )
        return true;
  }
  const place = words.indexOf(gold);
  return [words.slice(place, place + 2), words.slice(place - 1, place + 1)].some(
    (pair) =>
      pair.length === 2 && given.some(({ folded }) => folded === pair.map((item) => item.folded).join("")),
  );
}

function isInAcronym(gold: Item, said: Item, words: readonly Item[]): boolean {
  const place = words.indexOf(gold);
  for (let from = Math.max(0, place - 4); from <= place; from++) {
    for (let to = place + 1; to <= words.length; to++) {
      if (to - from > 1 && isAcronymOf(said, words.slice(from, to))) return true;
    }
  }
  return false;
}
