import { foldWord } from "../fold-word.ts";
import type { Grammar, Sought } from "./grammar.ts";

/** A language's lists as sets and maps of folded words, made once. */
export interface Lexicon {
  language: Grammar;
  functionWords: ReadonlySet<string>;
  negators: ReadonlySet<string>;
  yes: ReadonlySet<string>;
  no: ReadonlySet<string>;
  and: ReadonlySet<string>;
  or: ReadonlySet<string>;
  except: ReadonlySet<string>;
  but: ReadonlySet<string>;
  who: ReadonlySet<string>;
  /** Patterns of folded questions for what they ask for. */
  seeks: ReadonlyMap<Sought, RegExp>;
  asksYesNo: ReadonlySet<string>;
  dimensions: ReadonlySet<string>;
  to: ReadonlySet<string>;
  minus: ReadonlySet<string>;
  half: ReadonlySet<string>;
  morning: ReadonlySet<string>;
  afternoon: ReadonlySet<string>;
  /** From 1. */
  months: ReadonlyMap<string, number>;
  /** From 1, a Monday. */
  weekdays: ReadonlyMap<string, number>;
  numbers: ReadonlyMap<string, number>;
  scales: ReadonlyMap<string, number>;
  ordinals: ReadonlyMap<string, number>;
  hours: ReadonlyMap<string, number>;
  times: ReadonlyMap<string, number>;
  /** Single words of the phrases that bound a figure. */
  bounds: ReadonlySet<string>;
  /** Symbols of units by their words. */
  units: ReadonlyMap<string, string>;
}

const made = new Map<Grammar, Lexicon>();

export function lexiconOf(language: Grammar): Lexicon {
  const known = made.get(language);
  if (known) return known;
  const lexicon: Lexicon = {
    language,
    functionWords: words(language.functionWords),
    negators: words(language.negators),
    yes: words(language.yes),
    no: words(language.no),
    and: words(language.and),
    or: words(language.or),
    except: words(language.except),
    but: words(language.but),
    who: words(language.who),
    seeks: new Map(
      Object.entries(language.seeks ?? {}).map(([sought, alternatives]) => [
        sought as Sought,
        new RegExp(`(?<!\\p{L})(?:${alternatives})(?!\\p{L})`, "u"),
      ]),
    ),
    asksYesNo: words(language.asksYesNo),
    dimensions: words(language.dimensions),
    to: words(language.to),
    minus: words(language.minus),
    half: words(language.half),
    morning: words(language.morning),
    afternoon: words(language.afternoon),
    months: places(language.months),
    weekdays: places(language.weekdays),
    numbers: folded(language.numbers),
    scales: folded(language.scales),
    ordinals: folded(language.ordinals ?? {}),
    hours: folded(language.hours ?? {}),
    times: folded(language.times ?? {}),
    bounds: words(
      Object.values(language.bounds ?? {})
        .join("|")
        .match(/(?<=^|\|)[\p{L}\p{M}]{4,}(?=\||$)/gu)
        ?.join(" "),
    ),
    units: new Map(
      Object.entries(language.units ?? {}).flatMap(([symbol, list]) =>
        [...words(list)].map((word) => [word, symbol] as const),
      ),
    ),
  };
  made.set(language, lexicon);
  return lexicon;
}

const words = (list = ""): ReadonlySet<string> => new Set(list.split(/\s+/u).filter(Boolean).map(foldWord));

const places = (lists: readonly string[]): ReadonlyMap<string, number> =>
  new Map(lists.flatMap((list, place) => [...words(list)].map((word) => [word, place + 1] as const)));

const folded = (values: Record<string, number>): ReadonlyMap<string, number> =>
  new Map(Object.entries(values).map(([word, value]) => [foldWord(word), value]));
