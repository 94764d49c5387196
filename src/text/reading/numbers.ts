import type { Lexicon } from "../grammars/lexicon.ts";
import { addUp } from "./add-up.ts";
import { amountAt } from "./amounts.ts";
import { halfAt } from "./amounts-in-words.ts";
import { codeAt, type Found } from "./codes.ts";
import type { Figure, NumberFigure } from "./figure.ts";
import type { Item } from "./item.ts";
import { matchAt } from "./match-at.ts";
import { currencyBefore, unitOf } from "./units.ts";
import { millionAt, scaleAt, unitAt } from "./unit-after.ts";

/** Amounts in digits and words, with sign, fraction, magnitude and unit; codes; ordinals. */
export function readNumbers(items: Item[], text: string, lexicon: Lexicon): Item[] {
  const read: Item[] = [];
  for (let at = 0; at < items.length;) {
    const item = items[at]!;
    const found = item.kind === "figure" ? undefined : figureAt(items, at, text, lexicon);
    if (found === undefined) {
      read.push(item);
      at++;
      continue;
    }
    const start = item.start;
    read.push({
      ...item,
      kind: "figure",
      text: text.slice(start, found.end),
      end: found.end,
      figure: found.figure,
    });
    while (at < items.length && items[at]!.start < found.end) at++;
  }
  return readShares(addUp(read, text), text, lexicon);
}

/** `one in five`, `9 out of 10`: a share. */
function readShares(items: Item[], text: string, { language }: Lexicon): Item[] {
  if (language.code !== "en") return items;
  const read: Item[] = [];
  for (let at = 0; at < items.length; at++) {
    const item = items[at]!;
    const isPair =
      items[at + 1]?.folded === "in"
        ? 2
        : items[at + 1]?.folded === "out" && items[at + 2]?.folded === "of"
          ? 3
          : 0;
    const whole = items[at + isPair];
    const [a, b] = [item.figure, whole?.figure];
    const isPart =
      isPair > 0 && isCount(a) && isCount(b) && a.value < b.value && (isPair === 3 || oneIn.has(b.value));
    if (!isPart) {
      read.push(item);
      continue;
    }
    const figure = { ...a, value: (100 * a.value) / b.value, unit: unitOf("%")!, weak: false };
    read.push({ ...item, text: text.slice(item.start, whole!.end), end: whole!.end, figure });
    at += isPair;
  }
  return read;
}

const oneIn: ReadonlySet<number> = new Set([2, 3, 4, 5, 6, 8, 10, 12, 20, 25, 50, 100, 1000]);
const isCount = (figure: Figure | undefined): figure is NumberFigure =>
  figure?.kind === "number" && figure.unit === null && !figure.ordinal && figure.value > 0;

function figureAt(items: Item[], at: number, text: string, lexicon: Lexicon): Found | undefined {
  const item = items[at]!;
  const sign = signAt(items, at, text, lexicon);
  const from = sign ?? item.start;
  const start = text.slice(from).search(/\S/u) + from;
  const currency = matchAt(currencyBefore, text, start);
  const negative = sign !== undefined || (currency !== undefined && text[start + currency[0].length] === "-");
  const begin = currency
    ? start + currency[0].length + (text[start + currency[0].length] === "-" ? 1 : 0)
    : start;
  if (currency === undefined && sign === undefined) {
    const name = codeAt(item, text, lexicon);
    if (name) return name;
  }
  const amount = amountAt(items, begin, text, lexicon);
  if (amount === undefined) return undefined;
  const own = amount.unit === undefined ? undefined : { unit: unitOf(amount.unit)!, end: amount.end };
  let unit =
    own ??
    (currency
      ? { unit: unitOf(currency[1]!.trim().replace(/^Rs\.?$/u, "INR"))!, end: amount.end }
      : unitAt(items, amount.end, text, lexicon));
  let { value } = amount;
  let end = unit?.end ?? amount.end;
  // `$1.2 million`, `a day and a half`
  const scaled = scaleAt(items, end, text, lexicon) ?? (currency ? millionAt(text, end) : undefined);
  if (scaled && amount.inDigits) [value, end] = [value * scaled.factor, scaled.end];
  // `1.2 million euros`
  unit ??= scaled && unitAt(items, end, text, lexicon);
  end = Math.max(end, unit?.end ?? 0);
  const half = unit ? halfAt(items, end, text, lexicon) : undefined;
  if (half) [value, end] = [value + 0.5, half];
  const below = /^ ?(?:below zero|below freezing|unter null|sous zéro|bajo cero|sotto zero|ниже нуля)/iu.exec(
    text.slice(end),
  );
  if (below) end += below[0].length;
  if (currency && unitOf("USD")) {
    // `USD 5`, and not `5 dollars US`: nothing of the name is left over.
    const again = unitAt(items, end, text, lexicon);
    if (again?.unit === unit?.unit) end = again?.end ?? end;
  }
  if (
    amount.weak &&
    !unit &&
    !scaled &&
    lexicon.language.code !== "en" &&
    isArticle(text.slice(begin, amount.end), lexicon)
  )
    return undefined;
  const figure: NumberFigure = {
    kind: "number",
    value: negative || below ? -value : value,
    unit: unit?.unit ?? null,
    ordinal: amount.ordinal,
    weak: amount.weak && (unit === undefined || own !== undefined),
    ...(amount.over && !unit && !negative && { over: amount.over }),
  };
  return { figure, end };
}

const isArticle = (word: string, { language }: Lexicon): boolean =>
  /^(?:de|fr|es|it|pt|nl)$/u.test(language.code) && /^(?:ein|un|um|uno|een)/iu.test(word);

/** Where the number begins, if a sign stands before it. */
function signAt(items: Item[], at: number, text: string, { minus }: Lexicon): number | undefined {
  const item = items[at]!;
  if (
    item.text === "-" &&
    !/[\p{L}\d)%]$/u.test(text.slice(0, item.start)) &&
    /^[.\d$€£¥₹]/u.test(text.slice(item.end))
  )
    return item.end;
  const next = items[at + 1];
  if (
    item.kind === "word" &&
    minus.has(item.folded) &&
    // `au moins`, `al menos` are no signs.
    !/^(?:au|du|le|de|al|lo|pelo)$/u.test(items[at - 1]?.folded ?? "") &&
    next &&
    (next.kind === "number" || next.kind === "word")
  )
    return next.start;
  return undefined;
}
