import type { Item } from "../../text/index.ts";
import type { Content } from "./content.ts";
import { isInQuestion, type Asked } from "./question.ts";

/**
 * What of a long gold the question asks for: `Isabelle Chang` of `Isabelle Chang led the group through the moat` where it
 * asks who, 2046 of `Developed in 2046 by a coalition` where it asks when. Null where the gold has no such thing, more
 * than one, or denies something.
 */
export function keyOf(gold: Content, asked: Asked | undefined): readonly Item[] | null {
  if (!asked?.seeks || asked.chooses || gold.denied.size > 0) return null;
  if (asked.seeks === "when" || asked.seeks === "howMany") {
    const figures = gold.items.filter(({ figure }) => figure !== undefined);
    const kinds = asked.seeks === "when" ? ["date", "time", "number"] : ["number"];
    return figures.length === 1 && kinds.includes(figures[0]!.figure!.kind) ? figures : null;
  }
  const run = onlyName(gold, asked);
  if (!run) return null;
  return (asked.seeks === "who" ? isSubject(run, gold) : isPlace(run, gold)) ? run : null;
}

/** The one run of capitals in the gold that is not in the question; where nouns have capitals, too, there is none. */
function onlyName({ items, reading }: Content, asked: Asked): readonly Item[] | null {
  if (reading.lexicon.language.code === "de") return null;
  const isName = (item: Item): boolean =>
    item.kind === "word" && /^\p{Lu}/u.test(item.text) && !isInQuestion(item, reading, asked);
  const opensSentence = (item: Item): boolean =>
    item.start === reading.items[0]!.start && !isName(items[items.indexOf(item) + 1] ?? item);
  const names = items.filter((item) => isName(item) && !(asked.seeks === "where" && opensSentence(item)));
  const [first, last] = [names[0], names.at(-1)];
  if (!first || !last) return null;
  const run = items.slice(items.indexOf(first), items.indexOf(last) + 1);
  const joined = run.every(
    (item, at) => at === 0 || /^[. -]*$/u.test(reading.text.slice(run[at - 1]!.end, item.start)),
  );
  return joined && run.length === names.length ? run : null;
}

/** Whether the gold opens with the name and says something of its bearer: not of `Anna Bell's brother`. */
function isSubject(run: readonly Item[], { reading }: Content): boolean {
  const [start, end] = [run[0]!.start, run.at(-1)!.end];
  return (
    start === reading.items[0]!.start &&
    /^(?:$|, | \p{Ll})/u.test(reading.text.slice(end)) &&
    !/'s?$/u.test(run.at(-1)!.text)
  );
}

const prepositions = /(?:^| )(?:in|at|on|around|a|à|en|dans|sur|em|no|na|op|te|в|на) $/iu;

/** Whether the gold ends with the name, after a preposition that means the place itself. */
function isPlace(run: readonly Item[], { reading }: Content): boolean {
  const [start, end] = [run[0]!.start, run.at(-1)!.end];
  return prepositions.test(reading.text.slice(0, start)) && /^[.!]?$/u.test(reading.text.slice(end).trim());
}
