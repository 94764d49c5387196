import type { Item } from "./item.ts";
import type { Unit } from "./units.ts";

/** `1 h 30 min`, `5 ft 10 in`, `2 hours and 15 minutes` are one amount. */
export function addUp(items: Item[], text: string): Item[] {
  const read: Item[] = [];
  for (const item of items) {
    const before = read.at(-1)?.folded === "and" || read.at(-1)?.text === "," ? read.at(-2) : read.at(-1);
    const [a, b] = [before?.figure, item.figure];
    if (
      a?.kind === "number" &&
      b?.kind === "number" &&
      a.unit &&
      b.unit &&
      isSmaller(b.unit, a.unit) &&
      /^(?: ?| and |, | et | und | y )$/u.test(text.slice(before!.end, item.start))
    ) {
      read.splice(read.indexOf(before!));
      const value = a.value + (b.value * b.unit.factor) / a.unit.factor;
      read.push({
        ...before!,
        text: text.slice(before!.start, item.end),
        end: item.end,
        figure: { ...a, value },
      });
    } else read.push(item);
  }
  return read;
}

const summed = /^(?:time|months)$/u;
const isSmaller = (small: Unit, large: Unit): boolean =>
  (small.dimension === large.dimension &&
    small.factor < large.factor &&
    (summed.test(small.dimension) ||
      /^(?:ft-in|lb-oz|km-m|m-cm|kg-g)$/u.test(`${large.symbol}-${small.symbol}`))) ||
  (small.symbol === "cent" && /^(?:USD|EUR|GBP|CHF)$/u.test(large.symbol));
