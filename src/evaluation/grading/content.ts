import type { Item, Lexicon, Reading } from "../../text/index.ts";
import { calledFalse } from "./called-false.ts";

/** What of a text tells answers apart: its figures and content words, in order, and which of them are denied. */
export interface Content {
  reading: Reading;
  items: Item[];
  denied: ReadonlySet<Item>;
}

export function contentOf(reading: Reading): Content {
  const { items, lexicon } = reading;
  const content = items.filter((item) => isContent(item, lexicon));
  // What is compared is never empty.
  const said = content.length > 0 ? content : items.filter((item) => item.kind !== "mark");
  return { reading, items: said, denied: findDenied(reading) };
}

export function isContent(item: Item, lexicon: Lexicon): boolean {
  if (item.kind === "figure") return true;
  if (item.kind !== "word") return item.kind === "number";
  const lists = [lexicon.functionWords, lexicon.and, lexicon.or, lexicon.except];
  // `a.m.` is no form of `be`.
  if (/^\p{L}\.\p{L}/u.test(item.text)) return true;
  return !lists.some((words) => words.has(item.folded)) && !isNegator(item, lexicon);
}

const isNegator = (item: Item, { negators }: Lexicon): boolean =>
  item.kind === "word" && (negators.has(item.folded) || item.folded.endsWith("n't"));

const wholes = /^(?:every|all|any|everything|everyone|anyone|anything|everybody|whole)$/u;

/** `not 5 but 6` denies 5, `any day except Tuesday` Tuesday, `anapiga hapana` nothing. */
function findDenied(reading: Reading): Set<Item> {
  const { items, text, lexicon } = reading;
  const denied = new Set<Item>(calledFalse(reading));
  for (const [at, item] of items.entries()) {
    if (isFreeOf(items, at)) denied.add(items[at - 2]!);
    if (isNegator(item, lexicon) && permits.test(items[at + 1]?.folded ?? ""))
      for (const before of clauseBefore(items, at)) if (isContent(before, lexicon)) denied.add(before);
    const excludes =
      item.kind === "word" &&
      lexicon.except.has(item.folded) &&
      (item.folded !== "but" ||
        items.slice(Math.max(0, at - 4), at).some(({ folded }) => wholes.test(folded)));
    if (!excludes && !(isNegator(item, lexicon) && !isNumberSign(items, at, text))) continue;
    // `except keys, which are never posted` goes on about keys.
    if (excludes && isToldOf(items, at)) continue;
    for (const each of deniedAround(items, at, lexicon)) denied.add(each);
    if (lexicon.language.negatesBack && !excludes) {
      for (let before = at - 1; before >= 0 && items[before]!.kind !== "mark"; before--)
        if (isContent(items[before]!, lexicon)) denied.add(items[before]!);
      continue;
    }
    for (let next = at + 1; next < items.length; next++) {
      const after = items[next]!;
      // `Not only dogs`, `not until 9` deny neither dogs nor 9; `no, dogs` answers a question.
      // `non-refundable`
      const isHyphen = after.text === "-" && after.start === item.end;
      if (after.kind === "mark" && !isHyphen && !/["'(]/u.test(after.text)) break;
      if (/^(?:only|until|before|just|necessarily|nur|seulement|solo|только)$/u.test(after.folded)) break;
      if (!isContent(after, lexicon) || /^\p{L}{3,}ly$/u.test(after.folded)) continue;
      denied.add(after);
      break;
    }
  }
  return denied;
}

/** Whether what is left out has a clause of its own: `umbrellas, which are given away`. */
function isToldOf(items: readonly Item[], at: number): boolean {
  const mark = items.findIndex((item, index) => index > at && item.kind === "mark");
  return (
    mark > 0 &&
    items[mark]!.text === "," &&
    /^(?:which|who|whose|die|der|das|qui|dont|que|che|i?quali|которы[ейх]|которая)$/u.test(
      items[mark + 1]?.folded ?? "",
    )
  );
}

const auxiliary = /^(?:do|does|did)$/u;
/** What a denied verb does otherwise: `does not leave before 9`, `do not pay after 90 days`. */
const limits =
  /^(?:before|after|until|till|within|in|on|at|for|from|by|under|over|above|below|if|when|where|unless|without|except|than|because|as|with|to|but|that|and|or|only|exceed|during|since|through)$/u;

/**
 * What a denial reaches besides the next word: `It does not carry a line of 40 metres` denies the figure as well,
 * `The cellar is dry, but the attic is not.` the attic.
 */
function deniedAround(items: readonly Item[], at: number, lexicon: Lexicon): Item[] {
  if (lexicon.language.code !== "en") return [];
  const [before, item, after] = [items[at - 1], items[at]!, items[at + 1]];
  if (
    /^(?:is|are|was|were)$/u.test(before?.folded ?? "") ||
    /^(?:isn't|aren't|wasn't|weren't)$/u.test(item.folded)
  )
    return after === undefined || /^[.,;!]$/u.test(after.text)
      ? clauseBefore(items, at).filter((each) => isContent(each, lexicon))
      : [];
  if (
    !(item.folded === "not" && auxiliary.test(before?.folded ?? "")) &&
    !/^(?:don't|doesn't|didn't)$/u.test(item.folded)
  )
    return [];
  const rest = items.slice(at + 1);
  const end = rest.findIndex(
    ({ kind, text, folded }) => (kind === "mark" && !/["'(]/u.test(text)) || limits.test(folded),
  );
  return rest.slice(0, end < 0 ? undefined : end).filter(({ figure, bound }) => figure && !bound);
}

/** `Parking is not allowed` denies parking. */
const permits = /^(?:allowed|permitted|possible|available|accepted)$/u;

const clauseBefore = (items: readonly Item[], at: number): readonly Item[] =>
  items.slice(items.slice(0, at).findLastIndex(({ kind, text }) => kind === "mark" && text !== "'") + 1, at);

/** `sugar-free` */
const isFreeOf = (items: readonly Item[], at: number): boolean =>
  items[at]!.folded === "free" && items[at - 1]?.text === "-" && items[at - 1]!.start === items[at - 2]?.end;

/** `No. 14`, `no 2` */
function isNumberSign(items: Item[], at: number, text: string): boolean {
  return /^nos?$/u.test(items[at]!.folded) && /^\.? ?\d/u.test(text.slice(items[at]!.end));
}
