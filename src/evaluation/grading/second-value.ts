import { saysFigure, type Figure, type Item } from "../../text/index.ts";
import { isContent, type Content } from "./content.ts";
import type { Asked } from "./question.ts";
import { sameWord } from "./same-word.ts";

/** Words by which a second sentence adds to the first, or puts it right. */
const adds =
  /^(?:also|too|then|later|again|another|second|first|next|now|before|after|auch|dann|später|aussi|puis|también|luego|anche|poi|também|depois|ook|dan|также|потом|也|还|も)$/u;

/**
 * Another value that a second sentence gives to the same thing: `The fee is 12 florins. The fee is 15 florins.`; none in
 * `The fee is 12 florins. Children pay 5 florins.`
 */
export function findSecondValue(
  gold: Content,
  said: Content,
  matched: ReadonlySet<Item>,
  asked: Asked | undefined,
): Item | undefined {
  const sentences = sentencesOf(said.reading.items);
  if (sentences.length < 2 || gold.items.some(({ side }) => side !== undefined)) return undefined;
  const figures = gold.items.filter(({ figure }) => figure);
  const at = sentences.findIndex((sentence) => sentence.some((item) => matched.has(item)));
  if (at < 0) return undefined;
  for (const [place, other] of sentences.entries()) {
    if (place === at || other.some(({ folded }) => adds.test(folded))) continue;
    const found =
      figures.length === 1
        ? otherFigure(figures[0]!.figure!, sentences[at]!, other, said, asked)
        : figures.length === 0
          ? otherName(sentences[at]!, other, matched)
          : undefined;
    if (found && !said.denied.has(found)) return found;
  }
  return undefined;
}

function otherFigure(
  gold: Figure,
  own: readonly Item[],
  other: readonly Item[],
  { reading, denied }: Content,
  asked: Asked | undefined,
): Item | undefined {
  const [first, second] = [own, other].map((items) =>
    items.filter(
      ({ figure, side }) => figure && side === undefined && !(figure.kind === "number" && figure.weak),
    ),
  ) as [Item[], Item[]];
  if (first.length !== 1 || second.length !== 1) return undefined;
  const figure = second[0]!.figure!;
  if (!isOfKind(gold, figure) || saysFigure(gold, figure) || saysFigure(figure, gold)) return undefined;
  if (denied.has(first[0]!)) return undefined;
  const words = (items: readonly Item[]): Item[] =>
    items.filter((item) => item.kind === "word" && isContent(item, reading.lexicon));
  const known = asked?.reading.items.filter(({ kind }) => kind === "word") ?? [];
  const isIn = (item: Item, items: readonly Item[]): boolean =>
    items.some((each) => sameWord(item, each, reading, reading));
  const [ownWords, otherWords] = [words(own), words(other)];
  const isSame =
    otherWords.every((item) => isIn(item, [...ownWords, ...known])) &&
    (otherWords.length === 0 || ownWords.every((item) => isIn(item, [...otherWords, ...known])));
  return isSame ? second[0] : undefined;
}

function isOfKind(gold: Figure, other: Figure): boolean {
  if (gold.kind !== other.kind) return false;
  if (gold.kind === "number" && other.kind === "number")
    return gold.unit?.symbol === other.unit?.symbol && gold.ordinal === other.ordinal;
  if (gold.kind === "date" && other.kind === "date")
    return (["year", "month", "day", "weekday"] as const).every(
      (part) => (gold[part] === null) === (other[part] === null),
    );
  return gold.kind === "time";
}

/** `The manager is Anna Bell. The manager is Carl Dorn.`: two sentences that differ in a name alone. */
function otherName(
  own: readonly Item[],
  other: readonly Item[],
  matched: ReadonlySet<Item>,
): Item | undefined {
  const same = (a: Item | undefined, b: Item | undefined): boolean =>
    a !== undefined && b !== undefined && a.folded === b.folded;
  let lead = 0;
  while (same(own[lead], other[lead])) lead++;
  let tail = 0;
  while (tail < Math.min(own.length, other.length) - lead && same(own.at(-1 - tail), other.at(-1 - tail)))
    tail++;
  const [mine, theirs] = [own, other].map((items) => items.slice(lead, items.length - tail)) as [
    Item[],
    Item[],
  ];
  const isName = (items: readonly Item[]): boolean =>
    items.length > 0 && items.every(({ kind, text }) => kind === "word" && /^\p{Lu}/u.test(text));
  return lead >= 2 && isName(mine) && isName(theirs) && mine.some((item) => matched.has(item))
    ? theirs[0]
    : undefined;
}

function sentencesOf(items: readonly Item[]): Item[][] {
  const sentences: Item[][] = [[]];
  for (const item of items) {
    if (item.kind === "mark" && /^[.!?;。]$/u.test(item.text)) sentences.push([]);
    else sentences.at(-1)!.push(item);
  }
  return sentences.filter((sentence) => sentence.length > 0);
}
