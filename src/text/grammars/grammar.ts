import type { LanguageCode } from "../../contracts/index.ts";

export type Sought = "who" | "where" | "when" | "howMany";

/**
 * What is needed of a language to read figures, days, negation and the like. Lists are words with spaces between; all
 * are compared by `foldWord`.
 */
export interface Grammar {
  code: LanguageCode;
  decimal: "." | ",";
  /** Written without spaces between words. */
  unspaced?: true;
  /** Words that an answer may add or leave out and yet say the same. */
  functionWords: string;
  /** Deny what follows them, or, where `negatesBack` is set, what comes before. */
  negators: string;
  negatesBack?: true;
  yes: string;
  no: string;
  and: string;
  or: string;
  /** All but what follows. */
  except?: string;
  /** By month, then by day of the week from Monday: every way to write it. */
  months: string[];
  weekdays: string[];
  /** Words of numbers below a hundred, and what multiplies them. `compound` reads those that are written as one. */
  numbers: Record<string, number>;
  scales: Record<string, number>;
  /** Words inside of a number: one hundred *and* five. */
  joins?: string;
  ordinals?: Record<string, number>;
  compound?: (word: string) => number | undefined;
  /** Symbol of units.ts, and the words for it. */
  units?: Record<string, string>;
  /** Parts of the day before and after noon: `5 in the afternoon`. */
  morning?: string;
  afternoon?: string;
  /** Hours by name, in minutes since midnight: noon. */
  hours?: Record<string, number>;
  /** Half past, as a word before the hour to come (`halb`) or after the hour that was (`half past`). */
  halfTo?: string;
  /** What moves an hour, in minutes: `nine` *`and a quarter`*. `after` stands before the hour where an amount may be meant. */
  pastHour?: { after?: string; minutes: Record<string, number> };
  /** Words between the ends of a range. */
  to?: string;
  /**
   * What tells a change from a range, as alternatives of regular expressions: `raised from 5 to 7`. `verbs` stand
   * before `from`; words of `to` stand in a change alone (`von 5 auf 7`).
   */
  changes?: { verbs?: string; from: string; to?: string };
  minus?: string;
  /** Words for so many times: `twice`. */
  times?: Record<string, number>;
  half?: string;
  /** Phrases before a figure that make it a bound, as alternatives of a regular expression. */
  bounds?: { atLeast: string; atMost: string; more: string; less: string };
  /** The same after a figure: `18 or older`. */
  boundsAfter?: { atLeast: string; atMost: string };
  /** Phrases, as regular expressions, and what they are compared as. */
  sameAs?: Record<string, string>;
  /** What a conclusion opens with, as alternatives of a regular expression: `the answer is`. */
  conclusions?: string;
  /** Words that set what is right against what was denied: `not red but blue`. */
  but?: string;
  /**
   * What says that something is not so, as alternatives of regular expressions: before it (`it is wrong that`), behind it
   * (`... is wrong`), or in which others hold it (`many say ..., but`).
   */
  falsehoods?: { before?: string; behind?: string; heldByOthers?: string };
  /** Opens what something is unlike. */
  unlike?: string;
  /** What was so once, and what is so now, as alternatives of regular expressions. */
  once?: string;
  now?: string;
  /** Verbs that open a question to be answered by yes or no. */
  asksYesNo?: string;
  /** Asks for a person. */
  who?: string;
  /** What may follow a length, and is asked for by `how`: `long`, `high`. */
  dimensions?: string;
  /** Openings of a sentence that says that no answer can be given. */
  refusals?: RegExp[];
  /** What a question asks for besides a person, as alternatives of regular expressions: a place, a time, an amount. */
  seeks?: Record<Exclude<Sought, "who">, string>;
  /** What is put between commas, or behind one, without saying more, as alternatives of a regular expression. */
  asides?: string;
  /** Words whose full stop ends no sentence. */
  abbreviations?: string;
}

/** Values for a list of words, from `start` by `step`; alternatives are joined by `/`. */
export function numbered(list: string, start = 0, step = 1): Record<string, number> {
  return Object.fromEntries(
    list
      .split(/\s+/u)
      .flatMap((words, place) => words.split("/").map((word) => [word, start + place * step] as const)),
  );
}
