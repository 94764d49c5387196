import { smallNumbers, tens } from "./languages/english.ts";

/** The value of a number that is one word. */
export const numberWords: ReadonlyMap<string, number> = new Map([
  ...smallNumbers.map((word, value): [string, number] => [word, value]),
  ...tens.map((word, index): [string, number] => [word, 30 + 10 * index]),
]);
