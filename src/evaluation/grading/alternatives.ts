import { saysFigure, type Item, type Reading } from "../../text/index.ts";
import { isContent, type Content } from "./content.ts";
import type { Asked } from "./question.ts";
import { sameWord } from "./same-word.ts";

/**
 * What the answer offers beside the gold: `Monday or Tuesday`, `9/12 florins`, `Anna Bell and Carl Dorn`. What stands on
 * both sides of an `or` that the gold does not have is an alternative if the gold has one side alone.
 */
export function findAlternative(
  gold: Content,
  said: Content,
  matched: ReadonlySet<Item>,
  asked?: Asked,
): Item | undefined {
  const { items, lexicon, text } = said.reading;
  if (gold.reading.items.some((item) => isOr(item, gold.reading))) return undefined;
  for (const [at, item] of items.entries()) {
    const isAnd = item.kind === "word" && lexicon.and.has(item.folded);
    if (!isOr(item, said.reading) && !isAnd) continue;
    // `in the last 7 days, or that come without a paper`: another clause.
    if (opensClause(items, at)) continue;
    const left = nearest(items, at, -1, said.reading);
    const right = nearest(items, at, 1, said.reading);
    if (!left || !right) continue;
    if (!isAnd && isUndecided(left, right, gold, said, matched)) return right;
    if (matched.has(left) === matched.has(right)) continue;
    const other = matched.has(left) ? right : left;
    if (
      left.figure &&
      right.figure &&
      (saysFigure(left.figure, right.figure) || saysFigure(right.figure, left.figure))
    )
      continue;
    if (isInGold(other, gold, said)) continue;
    // `huihui or Muslim medicine` where the question is what huihui is.
    if (asked && !asked.chooses && isIn(other, said, asked.reading)) continue;
    if (!isAnd) return other;
    const isSame =
      left.figure !== undefined && right.figure !== undefined && left.figure.kind === right.figure.kind;
    if (isSame && /^\P{L}*$/u.test(text.slice(left.end, item.start) + text.slice(item.end, right.start)))
      return other;
    if (isBareList(said, matched, at)) return other;
  }
  return undefined;
}

const clauseOpener = /^(?:that|which|who|whose|if|when|because|unless|wenn|weil|falls)$/u;
/** Words that open a clause behind a comma, and mean something else without one. */
const openerAfterComma =
  /^(?:where|die|der|das|qui|que|si|quand|che|se|quando|cuando|который|которая|которые|если)$/u;

const opensClause = (items: readonly Item[], at: number): boolean => {
  const next = items[at + 1]?.folded ?? "";
  return clauseOpener.test(next) || (openerAfterComma.test(next) && items[at - 1]?.text === ",");
};

/** `Bern or Basel` for `Bern and Basel`: both are asked for, and it offers one of them. `No dogs or cats` denies both. */
function isUndecided(
  left: Item,
  right: Item,
  gold: Content,
  { denied, items }: Content,
  matched: ReadonlySet<Item>,
): boolean {
  const { lexicon } = gold.reading;
  return (
    matched.has(left) &&
    matched.has(right) &&
    left.kind === right.kind &&
    denied.size === 0 &&
    items.length <= gold.items.length &&
    gold.reading.items.some((item) => item.kind === "word" && lexicon.and.has(item.folded))
  );
}

const hedges =
  /^(?:maybe|perhaps|possibly|vielleicht|eventuell|moglicherweise|peut-etre|quizas|quiza|forse|talvez|misschien|возможно|может|labda|belki)$/u;

/** `It is 5, maybe 6.` */
function isHedge(item: Item, items: readonly Item[]): boolean {
  if (!hedges.test(item.folded)) return false;
  const at = items.indexOf(item);
  return items[at + 1]?.figure !== undefined && items.slice(0, at).some(({ figure }) => figure !== undefined);
}

function isOr(item: Item, { lexicon, text, items }: Reading): boolean {
  if (item.kind === "word") return lexicon.or.has(item.folded) || isHedge(item, items);
  if (item.text !== "/" || item.kind !== "mark") return false;
  return /[\p{L}\d] ?$/u.test(text.slice(0, item.start)) && /^ ?[\p{L}\d]/u.test(text.slice(item.end));
}

function nearest(items: readonly Item[], at: number, step: 1 | -1, { lexicon }: Reading): Item | undefined {
  for (let next = at + step; next >= 0 && next < items.length; next += step) {
    const item = items[next]!;
    if (item.kind === "mark" && !/[,"'()-]/u.test(item.text)) return undefined;
    if (isContent(item, lexicon)) return item;
  }
  return undefined;
}

const isInGold = (item: Item, gold: Content, said: Content): boolean =>
  isIn(item, said, gold.reading, gold.items);

const isIn = (item: Item, said: Content, reading: Reading, items = reading.items): boolean =>
  items.some((each) =>
    each.figure && item.figure
      ? saysFigure(each.figure, item.figure)
      : sameWord(each, item, reading, said.reading),
  );

/** The gold, `and`, and up to three words more: nothing else that could make a sentence of it. */
function isBareList({ items, reading }: Content, matched: ReadonlySet<Item>, at: number): boolean {
  const and = reading.items[at]!;
  const others = items.filter((item) => !matched.has(item));
  const small = reading.items.filter(
    (item) => item.kind === "word" && !isContent(item, reading.lexicon) && item !== and,
  );
  return (
    others.length <= 3 &&
    others.every((item) => item.start > and.end) &&
    small.every((item) => /^(?:the|an?|der|die|das|le|la|les|el|los|un|une|una|l)$/u.test(item.folded))
  );
}
