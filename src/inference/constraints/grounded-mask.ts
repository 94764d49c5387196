import { groundedWords, wordPattern, type GroundedWords } from "./grounded-words.ts";
import type { TokenMask, Vocabulary } from "./token-mask.ts";

/**
 * Holds the figures, codes, dates and proper names of an answer to those of `texts`; other words stay free. A word that
 * has begun as one of these can only go on as one of the texts, or as another form of their figures, and cannot end
 * before it is one. Of markers `[n]`, n goes up to `markers`. Half characters are free, as no word can be told by them.
 */
export function groundedMask(texts: readonly string[], markers: number, vocabulary: Vocabulary): TokenMask {
  const words = groundedWords(texts);
  let place: Place = { before: "", open: "", marker: undefined };
  return {
    endsWhereStuck: true,
    allows(token) {
      if (vocabulary.endIds.has(token)) return mayFollow(place, "", true, words, markers);
      return mayFollow(place, vocabulary.textOf(token), false, words, markers);
    },
    accept(token) {
      if (!vocabulary.endIds.has(token)) place = goOn(place, vocabulary.textOf(token));
    },
  };
}

/** Where an answer stands. */
interface Place {
  /** What is written before the open word, as far as it matters. */
  before: string;
  /** The word that is being written, or "". */
  open: string;
  /** The marker that is being written: `[1, `. */
  marker: string | undefined;
}

const openWord = /[\p{L}\p{M}\p{N}\uFFFD][\p{L}\p{M}\p{N}\uFFFD.,:/'’‑–-]*$/u;
const openMarker = /\[[\d, ]*$/u;
const startsSentence = /(?:^|[.!?:;•|\]\n])[\s"'“”‘’(*_#>-]*$/u;
/** Characters before a word that say whether it begins a sentence. */
const lookedBack = 40;

function goOn({ before, open }: Place, added: string): Place {
  const text = before + open + added;
  // Words are seldom longer, and a figure never.
  const near = text.slice(-2 * lookedBack);
  const word = openWord.exec(near)?.[0] ?? "";
  return {
    before: text.slice(0, text.length - word.length).slice(-lookedBack),
    open: word,
    marker: openMarker.exec(near)?.[0],
  };
}

/** Whether the answer may go on with `added`, or end there. */
function mayFollow(
  { before, open, marker }: Place,
  added: string,
  isEnd: boolean,
  words: GroundedWords,
  markers: number,
): boolean {
  if (marker !== undefined) return isMarker(marker + added, markers);
  const text = open + added;
  for (const { 0: word, index } of text.matchAll(wordPattern)) {
    const ahead = before + text.slice(0, index);
    const inMarker = openMarker.exec(ahead);
    if (inMarker) {
      if (!isMarker(inMarker[0] + text.slice(index), markers)) return false;
      continue;
    }
    if (!isGuarded(word, ahead, words) || words.has(word)) continue;
    // `7.` may end a sentence or go on as `7.5`.
    const rest = text.slice(index + word.length);
    const mayGoOn = !isEnd && (rest === "" || /^[.,:/'’‑–-]$/u.test(rest));
    if (!mayGoOn || !words.begins(word + rest)) return false;
  }
  return true;
}

function isGuarded(word: string, ahead: string, words: GroundedWords): boolean {
  if (word.includes("\uFFFD")) return false;
  if (/\p{N}/u.test(word) || words.isNumber(word)) return true;
  if (!words.namesAreCapital || !/^\p{Lu}/u.test(word) || /^I(?:['’]|$)/u.test(word)) return false;
  return !startsSentence.test(ahead.slice(-lookedBack));
}

/** `[1`, `[1, 2`, `[1]`: numbers of passages. */
function isMarker(text: string, markers: number): boolean {
  const numbers = /^\[([\d, ]*)/u.exec(text)![1]!.match(/\d+/gu) ?? [];
  return numbers.every((number) => !number.startsWith("0") && Number(number) <= markers);
}
