import type { Grammar, Item, Reading } from "../../text/index.ts";

type Span = readonly [from: number, to: number];

/**
 * What a text names and yet does not hold: `It is wrong that it is 80`, `Many say 80, but it is 90`, `Unlike the copper
 * pipes, ...`, `It used to be 80; now it is 90`, the Tuesdays of `every other Tuesday`.
 */
export function calledFalse({ items, text, lexicon }: Reading): Item[] {
  const { language } = lexicon;
  const spans = [...spansOf(text, language), ...supersededIn({ items, text, lexicon })];
  return items.filter(({ start, end }) => spans.some(([from, to]) => start >= from && end <= to));
}

const everyOther = /(?<!\p{L})(?:every|each) (?:other|second|third) \p{L}+/giu;

function spansOf(text: string, { falsehoods = {}, unlike, but, code }: Grammar): Span[] {
  const { before, behind, heldByOthers } = falsehoods;
  const whole = (pattern: RegExp): Span[] =>
    [...text.matchAll(pattern)].map(({ index, 0: match }) => [index, index + match.length]);
  /** To the end of the sentence, or what is held against it. */
  const end = new RegExp(
    `[.;!?。；！？]|,? (?:${(but ?? "").split(" ").join("|") || "$^"})(?!\\p{L})|,?而是`,
    "iu",
  );
  const onwards = (pattern: RegExp, stop: RegExp): Span[] =>
    [...text.matchAll(pattern)].map(({ index, 0: match }) => {
      const rest = text.slice(index + match.length);
      return [index, index + match.length + (stop.exec(rest)?.index ?? rest.length)];
    });
  return [
    ...(before === undefined ? [] : onwards(phrase(before), end)),
    ...[behind, heldByOthers].flatMap((each) => (each === undefined ? [] : whole(phrase(each)))),
    ...(unlike === undefined ? [] : onwards(phrase(unlike), /[,.;!?。，]/u)),
    ...(code === "en" ? whole(everyOther) : []),
  ];
}

const clauseEnd = /[.,;:!?。，；！？、]/u;

/** The clause of what was so once, where another says what is so now; a figure only where that has another of its kind. */
function supersededIn({ items, text, lexicon }: Reading): Span[] {
  const { once, now } = lexicon.language;
  if (once === undefined || now === undefined) return [];
  const [past, present] = [once, now].map((each) => phrase(each).exec(text));
  if (!past || !present) return [];
  const clause = (at: number): Span => {
    const from = text.slice(0, at).search(/[^.,;:!?。，；！？、]*$/u);
    const length = clauseEnd.exec(text.slice(at))?.index;
    return [from, length === undefined ? text.length : at + length];
  };
  const [gone, here] = [clause(past.index), clause(present.index)];
  if (gone[0] === here[0]) return [];
  const inside = ([from, to]: Span): readonly Item[] =>
    items.filter(({ start, end }) => start >= from && end <= to);
  const kinds = new Set(inside(here).flatMap(({ figure }) => figure?.kind ?? []));
  return inside(gone)
    .filter(({ figure }) => figure === undefined || kinds.has(figure.kind))
    .map(({ start, end }) => [start, end]);
}

/** Whether a question asks for what was so once. */
export const asksForOnce = (text: string, { once, code }: Grammar): boolean =>
  (once !== undefined && phrase(once).test(text)) ||
  (code === "en" && /\b(?:was|were|did|had)\b/iu.test(text));

const made = new Map<string, RegExp>();

function phrase(alternatives: string): RegExp {
  const known =
    made.get(alternatives) ??
    new RegExp(
      `(?<![\\p{Script=Latin}\\p{Script=Cyrillic}])(?:${alternatives})(?![\\p{Script=Latin}\\p{Script=Cyrillic}])`,
      "giu",
    );
  made.set(alternatives, known);
  known.lastIndex = 0;
  return known;
}
