import { saysFigure, type Figure, type Item } from "../../text/index.ts";
import type { Content } from "./content.ts";
import type { Asked } from "./question.ts";
import { romanValue } from "./same-word.ts";

export function findFigure(gold: Item, said: Content, asked?: Asked): Item[] {
  const matches = said.items.filter((item) => {
    const figure: Figure | undefined = item.figure ?? romanFigure(item);
    return (
      figure !== undefined &&
      (saysFigure(gold.figure!, figure) || isInAskedUnit(gold.figure!, figure, asked)) &&
      !isOtherDimension(item, said, asked) &&
      (sidesFit(gold, item) || (asked?.side != null && item.side === asked.side)) &&
      (boundsFit(gold, item) || (asked?.bounded === true && gold.bound === undefined))
    );
  });
  if (matches.length > 0) return matches;
  // A path is itself; `ab 12` will do for `AB-12`.
  const isCode = gold.figure!.kind === "code" && !gold.text.includes("/");
  const item = isCode ? findCode(gold.text, said) : undefined;
  return item ? [item] : [];
}

/** `25` for `25%` where the question is for a percentage. */
function isInAskedUnit(gold: Figure, said: Figure, asked: Asked | undefined): boolean {
  if (gold.kind !== "number" || said.kind !== "number" || gold.unit === null || said.unit !== null)
    return false;
  const { symbol } = gold.unit;
  const isAsked = asked?.reading.items.some(
    ({ folded }) => asked.reading.lexicon.units.get(folded) === symbol,
  );
  return isAsked === true && gold.value === said.value;
}

/** The `5 m long` of a wall whose height is asked for. */
function isOtherDimension(item: Item, { reading }: Content, asked: Asked | undefined): boolean {
  const next = reading.items[reading.items.indexOf(item) + 1];
  return (
    asked?.dimension !== undefined &&
    next !== undefined &&
    reading.lexicon.dimensions.has(next.folded) &&
    next.folded !== asked.dimension
  );
}

function romanFigure(item: Item): Figure | undefined {
  const value = romanValue(item);
  return value === undefined ? undefined : { kind: "number", value, unit: null, ordinal: false, weak: false };
}

/** `5` is not said by `5-7`; the hour of opening is by `9:00 to 17:00`. */
function sidesFit(gold: Item, said: Item): boolean {
  if (said.side === undefined || said.side === "after")
    return gold.side !== "before" && gold.side !== "first";
  if (gold.side !== undefined) return isEarlier(gold.side) === isEarlier(said.side);
  return said.figure!.kind === "time" && said.side !== "before";
}

const isEarlier = (side: NonNullable<Item["side"]>): boolean => side === "first" || side === "before";

function boundsFit({ bound: asked }: Item, { bound: said, threshold }: Item): boolean {
  if (asked === said || (asked === undefined && threshold)) return true;
  const excludes = (bound?: string): boolean => bound === "more" || bound === "less";
  return !excludes(asked) && !excludes(said) && (asked === undefined || said === undefined);
}

/** `AB-12` is `ab 12` and `AB12`, and no part of `AB-123`. */
function findCode(code: string, { reading, items }: Content): Item | undefined {
  const pieces = code.replace(/^v(?=\d)/iu, "").match(/\p{L}+|\d+/gu) ?? [];
  const pattern = new RegExp(
    `(?<![\\p{L}\\d]|\\d[.,]|\\p{L}-)v?${pieces.join(String.raw`[\s./_-]*`)}(?![\\p{L}\\d]|[.,/-]\\d)`,
    "iu",
  );
  const match = pattern.exec(reading.text);
  return match ? items.find((item) => item.end > match.index) : undefined;
}
