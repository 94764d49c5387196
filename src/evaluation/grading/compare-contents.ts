import { saysFigure, type Item } from "../../text/index.ts";
import { findAlternative } from "./alternatives.ts";
import { keyOf } from "./asked-key.ts";
import type { Content } from "./content.ts";
import { findFigure } from "./find-figure.ts";
import { findWord, type Found } from "./find-word.ts";
import {
  findOtherName,
  findOwner,
  hasOtherName,
  isFirstName,
  isInitialOfName,
  isLeftOutOfName,
} from "./names.ts";
import { isInQuestion, type Asked } from "./question.ts";
import { opensWith } from "./polarity.ts";
import { findSecondValue } from "./second-value.ts";
import type { Grade } from "./grade.ts";
import { sameWord } from "./same-word.ts";

/** Of the gold's content words; of one, two or three words, of names and of lists this is all of them. */
const shareNeeded = 0.75;
const fewWords = 3;

/**
 * Whether the answer holds what the gold does. With `explanation`, gold and answer have said yes or no and the rest explains
 * it: its amounts are needed, of its words and days none, but no other day may be named.
 */
export function compareContents(
  gold: Content,
  said: Content,
  { explanation, asked }: { explanation?: "yes" | "no"; asked?: Asked | undefined } = {},
): Grade {
  const steps: string[] = [];
  const wrong = (why: string): Grade => ({ right: false, why, steps });
  const contradicts = (why: string): Grade => ({ right: false, why, steps, contradicts: true });
  const found: Found = new Map();
  const key = explanation ? null : keyOf(gold, asked);
  const needed = key && saysKeyAlone(key, gold, said, asked) ? key : gold.items;
  const figures = needed.filter(
    (item) => item.figure && (needsFigure(item, gold) || gold.items.length === 1),
  );
  for (const item of figures) {
    const match = findFigure(item, said, asked);
    const excused =
      explanation &&
      item.figure!.kind === "date" &&
      !said.items.some(({ figure }) => figure?.kind === "date");
    steps.push(
      `figure ${item.text}: ${match.length > 0 ? match.map(({ text }) => text).join(", ") : "missing"}`,
    );
    if (match.length === 0 && !excused) return wrong(`The answer does not say ${item.text}.`);
    if (match.length > 0) found.set(item, match);
  }
  if (!explanation) {
    const words = needed.filter((item) => !item.figure);
    const missing = words
      .filter((item) => !findWord(item, words, gold, said, found))
      .filter((item) => !goesWithoutSaying(item, gold, said, found, asked))
      .filter((item) => !isFirstName(item, words, gold, said, asked));
    if (words.length > 0)
      steps.push(
        `words: ${words.length - missing.length} of ${words.length}${missing.length > 0 ? `, without ${missing.map(({ text }) => text).join(", ")}` : ""}`,
      );
    const left = missing.filter((item) => !mayBeLeftOut(item, words, missing, gold, said));
    if (!isEnough(words, left, gold)) return wrong(`The answer does not say ${left[0]!.text}.`);
    const fresh = newWords(words, asked, gold);
    const lacking = left.filter((item) => fresh.includes(item));
    if (lacking.length > fresh.length / 2) return wrong(`The answer does not say ${lacking[0]!.text}.`);
  }
  const flag = flagsOf(gold.reading.text).find((each) => !flagsOf(said.reading.text).includes(each));
  if (flag !== undefined) return wrong(`The answer does not say ${flag}.`);
  const swapped = findSwapped(figures, gold, said);
  if (swapped) return wrong(`The answer says ${swapped.text} of another thing.`);
  const other = explanation === "yes" ? findOtherName(gold, said, asked) : undefined;
  if (other) return wrong(`The answer names another: ${other.text}.`);
  // What a no explains may be denied in many ways; `Yes, with a permit` and `Yes, without one` are two answers.
  if (explanation === "yes")
    for (const item of gold.items.filter(({ figure }) => !figure)) findWord(item, [item], gold, said, found);
  const denied =
    explanation === "no" || (asked?.denies && gold.denied.size === 0)
      ? undefined
      : findDenied(found, gold, said);
  if (denied) return contradicts(`One denies ${denied.text}, the other does not.`);
  const alternative = findAlternative(gold, said, new Set([...found.values()].flat()), asked);
  if (alternative) return contradicts(`The answer names another, too: ${alternative.text}.`);
  const second = findSecondValue(gold, said, new Set([...found.values()].flat()), asked);
  if (second) return contradicts(`The answer gives another value, too: ${second.text}.`);
  const owner = findOwner(found, gold, said, asked);
  if (owner) return wrong(`The answer names what is ${owner.text}.`);
  const misplaced = findMisplaced(found, gold);
  if (misplaced) return wrong(`The answer has ${misplaced} the other way round.`);
  return { right: true, why: "The answer says what the gold says.", steps };
}

/** Whether the answer is what the question asks for, with no word beside it that neither gold nor question has. */
function saysKeyAlone(key: readonly Item[], gold: Content, said: Content, asked: Asked | undefined): boolean {
  const known = [...gold.reading.items, ...(asked?.reading.items ?? [])];
  return (
    said.denied.size === 0 &&
    said.items.every(
      (item) =>
        item.figure !== undefined ||
        known.some((word) => word.folded === item.folded || sameWord(word, item, gold.reading, said.reading)),
    ) &&
    key.every((item) => item.figure !== undefined || findWord(item, key, gold, said, new Map()))
  );
}

/** A lone `one` is a pronoun as often; the day of the week goes without saying beside a date. */
function needsFigure({ figure }: Item, gold: Content): boolean {
  if (figure!.kind === "number" && figure!.weak) return false;
  const isDay = figure!.kind === "date" && figure!.weekday !== null;
  return (
    !isDay ||
    !gold.items.some(
      ({ figure: other }) => other?.kind === "date" && other.day !== null && other.month !== null,
    )
  );
}

/**
 * `6` for `6 aprons` where the question is how many aprons: what is asked about goes without saying, once the answer has
 * something else of the gold, and counts nothing else with it.
 */
function goesWithoutSaying(
  item: Item,
  gold: Content,
  said: Content,
  found: Found,
  asked: Asked | undefined,
): boolean {
  if (!asked || asked.chooses || found.size === 0) return false;
  // The two ends of a range count one thing.
  if (gold.items.filter(({ figure, side }) => figure && side !== "second").length > 1) return false;
  const counts = [...found.values()]
    .flat()
    .some((each) => each.figure && countedThing(each, said).length > 0);
  return !counts && isInQuestion(item, gold.reading, asked) && !isReplaced(item, gold, said, asked);
}

/** `Order of Deacons` for `Order of Elders`, and any answer to a question that has the whole gold: no word is left out. */
function isReplaced(item: Item, gold: Content, said: Content, asked: Asked): boolean {
  if (gold.items.every((each) => isInQuestion(each, gold.reading, asked))) return true;
  const isName = ({ kind, text }: Item): boolean => kind === "word" && /^\p{Lu}/u.test(text);
  const known = [...gold.reading.items, ...asked.reading.items];
  return (
    isName(item) &&
    said.items.some(
      (other) =>
        isName(other) &&
        other !== said.reading.items[0] &&
        !known.some((word) => sameWord(word, other, gold.reading, said.reading)),
    )
  );
}

/** What of the gold the question does not say already: an answer that says the rest says nothing. */
const newWords = (words: readonly Item[], asked: Asked | undefined, gold: Content): readonly Item[] =>
  asked && !asked.chooses ? words.filter((item) => !isInQuestion(item, gold.reading, asked)) : words;

/** `-i` and `--all` of a command. */
const flagsOf = (text: string): string[] =>
  text.match(/(?<=^|\s)(?:-[A-Za-z]|--[a-z][\w-]*)(?![\p{L}\p{N}-])/gu) ?? [];

/** What a code may be called by. */
const label =
  /^(?:version|number|part|code|ref|reference|id|model|type|article|nr|nummer|numero|artikel|isbn|issn|iban|sku|room|form|gate|flight|line|phone|tel|telephone)$/u;

/** `John F. Kennedy` goes by John Kennedy, too, and Tolkien without his initials; a version is 2.3. */
function mayBeLeftOut(
  item: Item,
  words: readonly Item[],
  missing: readonly Item[],
  gold: Content,
  said: Content,
): boolean {
  return (
    (isInitialOfName(item, words) && !hasOtherName(item, words, said)) ||
    (label.test(item.folded) && gold.items.some(({ figure }) => figure?.kind === "code")) ||
    isLeftOutOfName(item, words, missing, said) ||
    (denial.test(item.folded) && gold.denied.size > 0 && said.denied.size > 0)
  );
}

function isEnough(words: readonly Item[], left: readonly Item[], { reading }: Content): boolean {
  if (left.length === 0) return true;
  if (words.length <= fewWords || isList(words, reading.items)) return false;
  // `Anna Bell's brother` is not said by her name.
  if (left.some((item) => words[words.indexOf(item) - 1]?.text.endsWith("'s"))) return false;
  const held = words.length - left.length;
  const hasName =
    reading.lexicon.language.code !== "de" &&
    left.some((item) => /^\p{Lu}/u.test(item.text) && item !== reading.items[0]);
  return !hasName && held >= words.length * shareNeeded;
}

/** What is denied with a thing: `Parking is not allowed` is `No parking`, and `sugar-free` is `without sugar`. */
const denial = /^(?:allowed|permitted|possible|available|accepted|free)$/u;

/** Three or more of the same kind, each a word or two long, or parts between semicolons. */
function isList(words: readonly Item[], items: readonly Item[]): boolean {
  const separators = items.filter(({ text }) => /^[,;]$/u.test(text)).length;
  return separators > 0 && words.length <= (separators + 2) * 2;
}

/** `2 adults and 3 children` for `3 adults and 2 children`: a thing that is counted otherwise. */
function findSwapped(figures: readonly Item[], gold: Content, said: Content): Item | undefined {
  const asked = figures.flatMap((figure) => countedThing(figure, gold));
  const given = said.items.filter(({ figure }) => figure).flatMap((figure) => countedThing(figure, said));
  return asked.find(({ figure, thing }) => {
    const same = given.filter((other) => sameWord(thing, other.thing, gold.reading, said.reading));
    return same.length > 0 && !same.some((other) => saysFigure(figure.figure!, other.figure.figure!));
  })?.figure;
}

function countedThing(figure: Item, { reading, items }: Content): { figure: Item; thing: Item }[] {
  const thing = items[items.indexOf(figure) + 1];
  const isNext = thing?.kind === "word" && /^ ?$/u.test(reading.text.slice(figure.end, thing.start));
  return figure.figure!.kind === "number" && isNext ? [{ figure, thing }] : [];
}

/** A piece that one side denies and the other does not, unless both deny something of what they share. */
function findDenied(found: Found, gold: Content, said: Content): Item | undefined {
  const pairs = [...found];
  const conflict = pairs.find(
    ([item, matches]) => !matches.some((match) => said.denied.has(match) === gold.denied.has(item)),
  );
  const goldDenies = pairs.some(([item]) => gold.denied.has(item));
  const saidDenies =
    opensWith(said.reading) === "no" ||
    pairs.some(([, matches]) => matches.some((match) => said.denied.has(match)));
  return conflict && !(goldDenies && saidDenies) ? conflict[0] : undefined;
}

const ordering =
  /^(?:than|before|after|then|to|until|als|vor|nach|bis|que|avant|apres|antes|despues|puis|luego|чем|до|после|比|到|至|より|から)$/u;

/** `A before B` is not `B before A`: what stands around a word of order must stand so in the answer. */
function findMisplaced(found: Found, gold: Content): string | undefined {
  const { items } = gold.reading;
  for (const item of items) {
    if (item.kind !== "word" || !ordering.test(item.folded)) continue;
    const before = [...found.keys()].filter((each) => each.end <= item.start && each.kind === "word");
    const b = [...found.keys()].find((each) => each.start >= item.end && each.kind === "word");
    const a = before.at(/^(?:than|als|que|чем)$/u.test(item.folded) ? 0 : -1);
    if (!a || !b) continue;
    const [last, first] = [
      Math.min(...found.get(a)!.map(({ start }) => start)),
      Math.max(...found.get(b)!.map(({ start }) => start)),
    ];
    if (last > first) return `${a.text} and ${b.text}`;
  }
  return undefined;
}
