import type { Figure } from "./figure.ts";
import type { Lexicon } from "../grammars/lexicon.ts";
import type { Bound, Item } from "./item.ts";

/** Marks the sides of ranges and scores, and what bounds a figure; words that only say so are taken out. */
export function readRanges(items: Item[], text: string, lexicon: Lexicon): Item[] {
  return readBounds(pairUp(items, text, lexicon), text, lexicon);
}

function pairUp(items: Item[], text: string, lexicon: Lexicon): Item[] {
  const read = items.map((item) => ({ ...item }));
  for (let at = 0; at + 2 < read.length; at++) {
    if (pairChange(read, at, text, lexicon)) continue;
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

/** `raised from 4 florins to 6 florins`: marks both figures, if that stands here. */
function pairChange(read: Item[], at: number, text: string, lexicon: Lexicon): boolean {
  const a = read[at]!;
  const between = [read[at + 1], read[at + 2]].find((item) => item?.kind === "word" && isTo(item, lexicon));
  const b = between && read[read.indexOf(between) + 1];
  if (!a.figure || !b?.figure || !isChange(text.slice(Math.max(0, a.start - 80), a.start), between!, lexicon))
    return false;
  [a.side, b.side] = ["before", "after"];
  a.figure = withUnit(a.figure, b.figure);
  between!.folded = "";
  return true;
}

const isTo = ({ folded }: Item, { to, language }: Lexicon): boolean =>
  to.has(folded) || (language.changes?.to?.split("|").includes(folded) ?? false);

/** `raised from 5 to 7`, `von 5 auf 7`, and not `open from 5 to 7`. */
function isChange(lead: string, between: Item, { language }: Lexicon): boolean {
  const { changes } = language;
  if (!changes) return false;
  if (changes.to?.split("|").includes(between.folded))
    return new RegExp(`(?<!\\p{L})(?:${changes.from}) ?$`, "iu").test(lead);
  return (
    changes.verbs !== undefined &&
    new RegExp(
      `(?<!\\p{L})(?:${changes.verbs})(?!\\p{L})[^.;:!?]*(?<!\\p{L})(?:${changes.from}) ?$`,
      "iu",
    ).test(lead)
  );
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

const conditions =
  /(?<!\p{L})(?:if|when|where|once|unless|whenever|wenn|falls|sobald|si|quand|lorsque|cuando|se|quando|als|wanneer|если|когда)(?!\p{L})/iu;
const verbs =
  /^ ?(?:(?:years?|old|of age|long|high|tall|wide|deep|heavy|jahren?|ans|años|anni|лет) ?)*(?:is|are|was|were|may|can|must|will|shall|should|need|needs|get|gets|pay|pays|cost|costs|do|does|go|goes|have|has|ist|sind|darf|dürfen|kann|können|muss|müssen|zahlen|zahlt|kosten|kostet|bekommen|erhalten|est|sont|peut|peuvent|paient|es|son|puede|pueden|pagan|possono|pagano|можно|могут|платят)(?!\p{L})/iu;

/** Whether what is bounded opens its clause, which then goes on, has a verb behind it, or is a condition. */
function isThreshold(clause: string, tail: string): boolean {
  const rest = /^[^.;:!?]*/u.exec(tail)![0];
  if (conditions.test(clause)) return true;
  if (clause.trim() === "")
    return (
      /^[ ,]*(?:\p{L}+ ?){2,}/u.test(rest) &&
      /^ ?,|^ (?:it|they|we|you|the|no|es|er|sie|der|die|das|wird|werden|on|il|elle|le|la|les|se|no|el)(?!\p{L})/iu.test(
        rest,
      )
    );
  return verbs.test(rest);
}

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
      const clause = text
        .slice(0, item.start - (lead.length - found.index))
        .split(/[.;:!?,]/u)
        .at(-1)!;
      return { ...item, bound, ...(isThreshold(clause, tail) && { threshold: true as const }) };
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
