import { functionWords, smallNumbers, smallOrdinals, splitSentences } from "../../text/index.ts";
import { shortAnswer, stripReference, stripStyle } from "./short-answer.ts";

/** An answer has its first two sentences, at most this many words, to say it: reciting a passage is not answering. */
const longestClaim = 40;
/** Of the gold's content words; of one, two or three words this is all of them. */
const shareNeeded = 0.75;

const numberWords = [smallNumbers, smallOrdinals].flatMap((words) =>
  words.map((word, value) => [word, String(value)] as const),
);
const figures = new Map(numberWords);

/** The month, which the word for permission must not stand for: `1 May`, `May 2011`, `in May`. */
const month = /(?<=\d(?:st|nd|rd|th)?\s+(?:of\s+)?)may\b|\bmay(?=,?\s+\d)/giu;
const monthByCapital = /(?<=[\p{L}\d,;]\s)May\b|^May(?=\P{L}*$)/gu;

/** Lower-case words and figures. `1,200` and `1200`, `6.20` and `6.2`, `two` and `2`, `2nd` and `second` are the same figure. */
function contentTokens(text: string): { figures: string[]; words: string[] } {
  const found = { figures: [] as string[], words: [] as string[] };
  const tokens = text
    .replace(month, "maymonth")
    .replace(monthByCapital, "maymonth")
    .toLowerCase()
    .normalize("NFKC")
    .match(
      /\d+(?:[.,:]\d+)*|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}]+/gu,
    );
  for (const token of tokens ?? []) {
    const spelt = figures.get(token);
    if (spelt !== undefined) found.figures.push(spelt);
    else if (/^\d/u.test(token)) found.figures.push(canonicalFigure(token));
    else if (!functionWords.has(token) && !/^(?:st|nd|rd|th)$/u.test(token)) found.words.push(stem(token));
  }
  return found;
}

function canonicalFigure(digits: string): string {
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/u.test(digits)) return String(Number(digits.replaceAll(",", "")));
  return /^\d+(?:\.\d+)?$/u.test(digits) ? String(Number(digits)) : digits.replace(/^0+(?=\d)/u, "");
}

/** `boxes`/`box`, `days`/`day`: enough to forgive a plural. */
function stem(word: string): string {
  return word.length <= 3 ? word : word.replace(/(?<=[sxz]|ch|sh)es$|(?<!s)s$/u, "");
}

/**
 * Whether the answer says what the gold's short answer says, however it is put: every figure of the gold, and three
 * quarters of its content words, are in the answer's first two sentences (at most 40 words). A gold that opens with
 * `Yes,` or `No.` asks for an answer that opens with the same, and for the gold's figures; the rest is explanation.
 * Function words, number words and plurals are English; other languages are compared word by word.
 *
 * It cannot see a denial or a hedge (`9 or 12 florins` counts as `9 florins`, `at least` as `at most`), and it counts a
 * paraphrase in other words as wrong. Both hold for every arm alike.
 */
export function saysGold(answer: string, gold: string): 0 | 1 {
  const claim = findClaim(answer);
  const goldShort = shortAnswer(gold);
  const needed = contentTokens(goldShort);
  const said = contentTokens(nameSymbols(claim));
  const polarity = opensWith(goldShort);
  if (polarity !== null)
    return opensWith(claim) === polarity && countMissing(needed.figures, said.figures) === 0 ? 1 : 0;
  if (needed.figures.length + needed.words.length === 0)
    return shortAnswer(answer).toLowerCase() === goldShort.toLowerCase() ? 1 : 0;
  if (countMissing(needed.figures, said.figures) > 0) return 0;
  const held = needed.words.length - countMissing(needed.words, said.words);
  return held >= needed.words.length * shareNeeded ? 1 : 0;
}

/** `5%` and `$5` say all that `5 percent` and `5 dollars` ask for. */
function nameSymbols(text: string): string {
  return text.replace(/[%$€£]/gu, (symbol) => ` ${symbol} ${symbolNames[symbol]} `);
}

const symbolNames: Record<string, string> = {
  "%": "percent per cent",
  $: "dollars",
  "€": "euros",
  "£": "pounds",
};

function findClaim(answer: string): string {
  const opening = splitSentences(stripStyle(answer)).slice(0, 2).map(stripReference).join(". ");
  return opening.split(/\s+/u).slice(0, longestClaim).join(" ");
}

const polarityWord =
  /^(?:yes(?!\p{L})|no(?=\s*(?:[,;:!–—-]|\.(?!\s*\d)|$)|\s+(?:it|they|he|she|there|you|we|this|that|these|those)\b))/iu;

/** `yes` or `no` where that is the answer's first word; `No more than 25` and `No. 14` have none. */
function opensWith(text: string): string | null {
  return polarityWord.exec(text)?.[0].toLowerCase() ?? null;
}

function countMissing(needed: string[], available: string[]): number {
  const set = new Set(available);
  return needed.filter((token) => !set.has(token)).length;
}
