import type { Item } from "../../text/index.ts";
import { isContent, type Content } from "./content.ts";
import type { Found } from "./find-word.ts";
import { isInQuestion, type Asked } from "./question.ts";
import { isInitial, sameWord } from "./same-word.ts";

/** The name that a yes is explained by where the gold explains it by names, and the answer has none of them. */
export function findOtherName(gold: Content, said: Content, asked: Asked | undefined): Item | undefined {
  if (gold.reading.lexicon.language.code === "de" || said.reading.lexicon.language.code === "de")
    return undefined;
  const namesOf = ({ items, reading }: Content): Item[] =>
    items.filter(
      (item) =>
        item.kind === "word" &&
        /^\p{Lu}\p{Ll}/u.test(item.text) &&
        item !== items[0] &&
        !/(?:^|[.!?:;])["'( ]*$/u.test(reading.text.slice(0, item.start)) &&
        !/^\p{L}+[,;:!.-]* *$/u.test(reading.text.slice(0, item.start)) &&
        !(asked && isInQuestion(item, reading, asked)),
    );
  const [wanted, given] = [namesOf(gold), namesOf(said)];
  const shared = wanted.some((item) =>
    said.reading.items.some((word) => sameWord(item, word, gold.reading, said.reading)),
  );
  return wanted.length > 0 && !shared ? given[0] : undefined;
}

/** `Lovelace` for `Ada Lovelace` to `Who ...?`, with no other name before it. */
export function isFirstName(
  item: Item,
  words: readonly Item[],
  gold: Content,
  said: Content,
  asked: Asked | undefined,
): boolean {
  const surname = words.at(-1)!;
  if (!asked?.person || words.length < 2 || words.length > 3 || item === surname) return false;
  if (!words.every(({ text }) => /^\p{Lu}\p{Ll}/u.test(text))) return false;
  // Who `Tolliver Lifts` is, the question's own `lifts` does not tell.
  if (isInQuestion(surname, gold.reading, asked)) return false;
  const given = said.reading.items;
  const at = given.findIndex(({ folded }) => folded === surname.folded);
  const before = given[at - 1];
  const isNamed = before?.kind === "word" && /^\p{Lu}/u.test(before.text) && !titles.test(before.folded);
  return at >= 0 && (at === 0 || !isNamed || words.some(({ folded }) => folded === before.folded));
}

export const isInitialOfName = (item: Item, words: readonly Item[]): boolean =>
  (isInitial(item) || /^(?:\p{Lu}\.){2,}$/u.test(item.text.replaceAll(" ", ""))) &&
  words.some((other) => other.start > item.end && other.text.length > 2 && /^\p{Lu}/u.test(other.text));

/** Whether the answer gives the bearer of the name another first name: `K. Smith` for `J. Smith`. */
export function hasOtherName(initial: Item, words: readonly Item[], said: Content): boolean {
  const surname = words.findLast((word) => word.start > initial.end)!;
  const { items } = said.reading;
  const before = items[items.findIndex((item) => item.folded === surname.folded) - 1];
  if (
    before?.kind !== "word" ||
    !/^\p{Lu}/u.test(before.text) ||
    /^(?:mr|mrs|ms|dr|prof|sir)$/u.test(before.folded)
  )
    return false;
  return !words.some((word) => word.folded[0] === before.folded[0]);
}

const titles =
  /^(?:mr|mrs|ms|miss|dr|doctor|prof|professor|sir|dame|lord|lady|king|queen|prince|princess|emperor|empress|pope|president|captain|capt|general|gen|judge|senator|rev|reverend)$/u;

/**
 * `Jane Smith` for `Dr. Jane Smith`, and `Newton` for `Sir Isaac Newton`: a title may be left out, and with one the first
 * names, where the answer has no other in their place.
 */
export function isLeftOutOfName(
  item: Item,
  words: readonly Item[],
  missing: readonly Item[],
  said: Content,
): boolean {
  const at = words.indexOf(item);
  const isPart = (word: Item | undefined): boolean => word !== undefined && /^\p{Lu}/u.test(word.text);
  const surname = words.slice(at + 1).find((word, step) => {
    const between = words.slice(at + 1, at + 1 + step);
    return isPart(word) && !missing.includes(word) && between.every(isPart);
  });
  const title = titles.test(item.folded)
    ? item
    : words
        .slice(0, at)
        .findLast((word, step, before) => titles.test(word.folded) && before.slice(step).every(isPart));
  if (!surname || !title || !isPart(title)) return false;
  const given = said.reading.items.filter(({ kind }) => kind === "word");
  const before = given[given.findIndex(({ folded }) => folded === surname.folded) - 1];
  if (before === undefined || !/^\p{Lu}/u.test(before.text)) return true;
  return (
    words.some(({ folded }) => folded === before.folded) || (titles.test(before.folded) && item !== title)
  );
}

/** What may be somebody's and yet tell who: `It is Ada Lind's job.` */
const duties = /^(?:job|turn|task|duty|responsibility|fault|idea|work|decision|role|name)$/u;

/** `Ada Lind's brother` is not Ada Lind. */
export function findOwner(
  found: Found,
  gold: Content,
  said: Content,
  asked: Asked | undefined,
): Item | undefined {
  const last = gold.items.at(-1);
  const matches = last === undefined || last.text.endsWith("'s") ? [] : (found.get(last) ?? []);
  const isOwner = (item: Item): boolean => {
    const next = said.reading.items[said.reading.items.indexOf(item) + 1];
    return (
      /^\p{Lu}.*'s$/u.test(item.text) &&
      next?.kind === "word" &&
      /^\p{Ll}/u.test(next.text) &&
      isContent(next, said.reading.lexicon) &&
      !duties.test(next.folded) &&
      !(asked && isInQuestion(next, said.reading, asked))
    );
  };
  return matches.length > 0 && matches.every(isOwner) ? matches[0] : undefined;
}
