import type { LanguageCode } from "../../contracts/index.ts";
import { contentTokens, grammars, readText, saysFigure, type Figure } from "../../text/index.ts";
import { cutsOf, type Cut, type Part } from "./parts.ts";
import type { Evidence } from "./read-passage.ts";

/** What is looked at besides the figures. */
export interface Claimed {
  figures: Figure[];
  /** Words of the claim, but for those that its figures count. */
  own: ReadonlySet<string>;
  /** Words of the claim and of the question. */
  about: ReadonlySet<string>;
  said: string;
  passage: ReadonlySet<string>;
  language: LanguageCode | undefined;
}

/**
 * The statement of which the claim's figures are said, of the same measure; undefined where one is not there, or where
 * another figure of the kind fits the claim better: in another sentence, in another clause, in another cell of a row.
 */
export function bearerOf(
  { figures, own, about, said, passage, language }: Claimed,
  evidence: Evidence[],
  weigh: (each: Evidence) => number,
): Evidence | undefined {
  let bearer: Evidence | undefined;
  const shared = ({ words }: Pick<Evidence, "words">): string[] =>
    [...about].filter((word) => words.has(word));
  for (const figure of figures) {
    const holders = evidence.filter((each) => each.figures.some((held) => isSame(figure, held)));
    if (holders.length === 0) return undefined;
    const measured = holders.filter((each) => isMeasuredAlike(figure, said, each, passage, language));
    if (measured.length === 0) return undefined;
    const best = measured.toSorted((a, b) => weigh(b) - weigh(a))[0]!;
    const isRival = (each: Evidence): boolean =>
      !each.figures.some((held) => isSame(figure, held)) &&
      each.figures.some((held) => isOfKind(figure, held)) &&
      // A claim that gives both is about both.
      !each.figures.some((held) => figures.some((other) => isSame(other, held)));
    // The part of the sentence that has the figure and little else.
    const part = measured
      .filter(({ sentence }) => sentence === best.sentence)
      .toSorted((a, b) => a.text.length - b.text.length)[0]!;
    const rival = evidence.find((each) => {
      if (!isRival(each)) return false;
      if (each.sentence !== best.sentence) return isMore(shared(each), shared(best));
      // What comes after takes its subject from what comes before: `a car pays 9 florins, a bicycle 3`.
      return (
        (each.start > part.start || isCell(each, part)) &&
        isMore(shared({ words: each.own }), shared({ words: part.own }))
      );
    });
    if (rival) return undefined;
    const whole = evidence.find(({ sentence }) => sentence === best.sentence)!;
    if (belongsElsewhere(figure, { figures, own, about }, cutsOf(whole.text, language))) return undefined;
    bearer ??= best;
  }
  return bearer;
}

/** `8 kilometres an hour on the ramp and 5 on the deck`: a unit may be left out the second time. */
const isBare = (figure: Figure): boolean =>
  figure.kind === "number" && figure.unit === null && !figure.ordinal && !figure.weak;

/**
 * Whether another part of the sentence has a figure of the kind, and the claim says more of what that part says than of
 * what its figure's own part does: `adults pay 11 florins, children 5` of `children pay 11 florins`. Words of the question alone tell nothing here: a short
 * answer takes them over as they are.
 */
function belongsElsewhere(
  figure: Figure,
  { figures, own: claimed, about }: Pick<Claimed, "figures" | "own" | "about">,
  cuts: Cut[],
): boolean {
  /** What a part says: its words, and those of the claim's other figures that it has. */
  const saidBy = ({ matter, figures: held }: Part): Set<string> =>
    new Set([
      ...matter,
      ...figures.flatMap((other, index) =>
        !isSame(other, figure) && held.some((each) => isSame(other, each)) ? [`#${index}`] : [],
      ),
    ]);
  const isIn = (words: ReadonlySet<string>) => (word: string) => word.startsWith("#") || words.has(word);
  const [isClaimed, isAbout] = [isIn(claimed), isIn(about)];
  const covered = (said: Set<string>, by: (word: string) => boolean): number =>
    said.size === 0 ? 1 : [...said].filter(by).length / said.size;
  return cuts.some(({ isIndependent, parts }) => {
    const own = parts
      .filter((part) => part.figures.some((held) => isSame(figure, held)))
      .toSorted((a, b) => a.text.length - b.text.length)[0];
    if (!own) return false;
    const words = saidBy(own);
    return parts.some((part) => {
      const isRival =
        !part.figures.some((held) => isSame(figure, held)) &&
        part.figures.some(
          (held) => (isOfKind(figure, held) || isBare(held)) && !figures.some((other) => isSame(other, held)),
        );
      if (!isRival) return false;
      const others = saidBy(part);
      const alone = [...others].filter((word) => isClaimed(word) && !words.has(word)).length;
      const against = [...words].filter((word) => isAbout(word) && !others.has(word)).length;
      if (alone === 0) return false;
      const [there, here] = [covered(others, isClaimed), covered(words, isAbout)];
      // What comes after takes its subject and verb from what comes before.
      const standsAlone = isIndependent || part.place > own.place || against === 0;
      return (there > here && standsAlone) || (isIndependent && there >= here && against === 0 && alone > 1);
    });
  });
}

/** A row's cells stand apart, in whatever order. */
const isCell = (one: Evidence, other: Evidence): boolean => one.isCell === true && other.isCell === true;

/** Whether one fits as the other does, and better, or much better. Against one that shares no word it takes two. */
function isMore(one: string[], other: string[]): boolean {
  const [alone, against] = [
    one.filter((word) => !other.includes(word)).length,
    other.filter((word) => !one.includes(word)).length,
  ];
  if (against === 0) return one.length > (other.length || 1);
  return alone >= 2 * against + 1;
}

const bare = (figure: Figure): Figure =>
  figure.kind === "number" ? { ...figure, unit: null, ordinal: false } : figure;

/** The same figure; a unit may be left out on one side. */
export function isSame(claimed: Figure, held: Figure): boolean {
  // `In December` does not bear out the 7th of it.
  if (claimed.kind === "date" && held.kind === "date" && claimed.day !== null && held.day === null)
    return false;
  if (saysFigure(claimed, held) || saysFigure(held, claimed)) return true;
  if (claimed.kind !== "number" || held.kind !== "number") return false;
  return (claimed.unit === null || held.unit === null) && saysFigure(bare(claimed), bare(held));
}

const isOfKind = (claimed: Figure, held: Figure): boolean =>
  claimed.kind === held.kind &&
  (claimed.kind !== "number" || held.kind !== "number" || claimed.unit?.dimension === held.unit?.dimension);

/** What a figure counts: its unit, or the word after it; `isLabel` where it only names what stands before it. */
interface Measure {
  dimension: string | undefined;
  word: string | undefined;
  isLabel: boolean;
}

const labels =
  /^(?:deck|gate|channel|extension|form|number|section|ramp|berth|room|page|grade|route|platform|line|no|nr|table|step)$/iu;

/** The measures of all figures of a text that are the same as this one, and of the others. */
function measuresOf(
  text: string,
  figure: Figure,
  language: LanguageCode | undefined,
): { own: Measure[]; others: Measure[] } {
  const { items } = readText(text, grammars.find(({ code }) => code === language) ?? grammars[0]!);
  const own: Measure[] = [];
  const others: Measure[] = [];
  for (const [index, item] of items.entries()) {
    if (!item.figure) continue;
    const [before, after] = [items[index - 1], items[index + 1]];
    const unit = item.figure.kind === "number" ? item.figure.unit : null;
    const word = after?.kind === "word" ? contentTokens(after.text, language)[0] : undefined;
    const measure = {
      dimension: unit?.dimension,
      word,
      // `At the gate 40 minutes before`: what has a measure is no label.
      isLabel: before?.kind === "word" && labels.test(before.text) && unit === null && word === undefined,
    };
    (isSame(figure, item.figure) ? own : others).push(measure);
  }
  return { own, others };
}

/** Whether a figure is said in the claim's measure: no `4 euros` for `4 florins` or `Deck 4`, no `44 metres` for `44 knots`. */
function isMeasuredAlike(
  figure: Figure,
  said: string,
  held: Evidence,
  passage: ReadonlySet<string>,
  language: LanguageCode | undefined,
): boolean {
  if (figure.kind !== "number") return true;
  const [claimed] = measuresOf(said, figure, language).own;
  if (!claimed) return true;
  const { own, others } = measuresOf(held.text, figure, language);
  return own.some((measure) => {
    const saysMeasure = claimed.dimension !== undefined || claimed.word !== undefined;
    if (measure.isLabel) return claimed.isLabel || !saysMeasure;
    if (claimed.dimension !== undefined) return measure.dimension !== undefined || measure.word === undefined;
    const { word } = claimed;
    if (word === undefined || word === measure.word) return true;
    // The word counts another figure here.
    if (others.some((other) => other.word === word)) return false;
    if (measure.word === undefined && measure.dimension === undefined) return true;
    return passage.has(word);
  });
}
