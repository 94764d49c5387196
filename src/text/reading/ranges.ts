import type { Figure } from "./figure.ts";
import type { Lexicon } from "../grammars/lexicon.ts";
import type { Bound, Item } from "./item.ts";

/** Marks the sides of ranges and scores, and what bounds a figure; words that only say so are taken out. */
export function readRanges(items: Item[], text: string, lexicon: Lexicon): Item[] {
  return readBounds(pairUp(items, lexicon), text, lexicon);
}

function pairUp(items: Item[], lexicon: Lexicon): Item[] {
  const read = items.map((item) => ({ ...item }));
  for (let at = 0; at + 2 < read.length; at++) {
    const [a, between, b] = [read[at]!, read[at + 1]!, read[at + 2]!];
    if (!a.figure || !b.figure || a.figure.kind === "code" || b.figure.kind === "code") continue;
    const isBetween =
      lexicon.and.has(between.folded) &&
      /^(?:between|zwischen|entre|tra|fra|tussen|между|بين|kati)$/u.test(read[at - 1]?.folded ?? "");
    const connects = /^[-~〜～→]$/u.test(between.text) || lexicon.to.has(between.folded) || isBetween;
    if (!connects) continue;
    [a.side, b.side] = ["first", "second"];
    a.figure = withUnit(a.figure, b.figure);
    if (isBetween) read[at - 1]!.folded = "";
    between.folded = "";
  }
  return read.filter((item) => item.folded !== "" || item.kind === "mark" || item.kind === "figure");
}

/** `5-7 km`: both ends are kilometres. */
function withUnit(figure: Figure, other: Figure): Figure {
  if (figure.kind === "number" && other.kind === "number" && figure.unit === null)
    return { ...figure, unit: other.unit };
  if (
    figure.kind === "number" &&
    other.kind === "date" &&
    figure.unit === null &&
    figure.value <= 31 &&
    other.month !== null &&
    other.day !== null
  )
    return { ...other, day: figure.value };
  if (figure.kind === "number" && other.kind === "time" && figure.unit === null && figure.value <= 24)
    return { kind: "time", minutes: figure.value * 60, clock: "vague" };
  return figure;
}

const signs: Record<string, Bound> = {
  ">=": "atLeast",
  "=>": "atLeast",
  "≥": "atLeast",
  "<=": "atMost",
  "=<": "atMost",
  "≤": "atMost",
  ">": "more",
  "<": "less",
};

function readBounds(items: Item[], text: string, { language }: Lexicon): Item[] {
  const dropped = new Set<Item>();
  const bounds = Object.entries(language.bounds ?? {}) as [Bound, string][];
  const after = Object.entries(language.boundsAfter ?? {}) as [Bound, string][];
  const read = items.map((item) => {
    if (item.kind !== "figure" || item.figure?.kind === "code") return item;
    const lead = text.slice(Math.max(0, item.start - 40), item.start);
    const tail = text.slice(item.end, item.end + 30);
    const sign = /(>=|=>|≥|<=|=<|≤|(?<![-=])>|<) ?$/u.exec(lead);
    if (sign) return { ...item, bound: signs[sign[1]!]! };
    for (const [bound, phrases] of bounds) {
      const found =
        phrases === ""
          ? null
          : new RegExp(
              `(?<![\\p{L}])(?:${phrases})(?: (?:of|the|a|an|de|di|der|die|das))?[ ']?$`,
              language.unspaced ? "iu" : "iu",
            ).exec(lead);
      // `no more than` is a bound of its own, and holds `more than`.
      if (
        !found ||
        (/^(?:more|less)$/u.test(bound) && /(?:no|not|nicht|pas|niet|не) $/u.test(lead.slice(0, found.index)))
      )
        continue;
      for (const other of items)
        if (other.start >= item.start - (lead.length - found.index) && other.end <= item.start)
          dropped.add(other);
      return { ...item, bound };
    }
    for (const [bound, phrases] of after) {
      const found = new RegExp(`^ ?(?:\\p{L}+ )?(?:${phrases})(?!\\p{L})`, "iu").exec(tail);
      if (!found) continue;
      const phrase = new RegExp(`(?:${phrases})$`, "iu").exec(found[0])!;
      const start = item.end + phrase.index;
      for (const other of items)
        if (other.start >= start && other.end <= item.end + found[0].length) dropped.add(other);
      return { ...item, bound };
    }
    return item;
  });
  return read.filter((item, index) => !dropped.has(items[index]!));
}
