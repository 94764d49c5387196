import { foldWord } from "./fold-word.ts";
import { grammars } from "./grammars/all-grammars.ts";
import { lexiconOf } from "./grammars/lexicon.ts";

const lastWord = /(?:^|[\s("'“‘«])(\p{L}[\p{L}\p{M}]*)\.$/u;
/** `U.S.`, `p.m.`, `z. B.`, an initial. */
const initials = /(?:^|[\s("'“‘«.])(?:\p{L}\.[ -]?)*\p{L}\.$/u;
const numberSign = /(?:^|[\s(])nos?\.$/iu;
/** Full stops of scripts other than Latin: Chinese, Devanagari, Urdu, Ethiopic, Armenian, Burmese, Khmer. */
export const fullStops = "。｡．।॥۔።։။។៕";
const closers = "」』”’）】〉》";
/**
 * A full stop and the like before a space; those of scripts that need none, with the quotation marks that close behind
 * them (`「はい。」と言った` goes on); the end of a line.
 */
const boundary = new RegExp(
  String.raw`[.!?]["'”’)\]»]*\s+(?=["'“‘«([¿¡]*[\p{Lu}\p{N}\p{Lo}])` +
    String.raw`|(?:[。｡！？]|．(?!\p{Nd}))+(?:[${closers}"']+(?!と|って))?(?![${closers}])` +
    String.raw`|[।॥؟۔።։။។៕]+["'”’»)]*\s*|\n+`,
  "gu",
);

const foldedLists = (pick: (language: (typeof grammars)[number]) => string): ReadonlySet<string> =>
  new Set(grammars.flatMap((language) => pick(language).split(/\s+/u).filter(Boolean).map(foldWord)));
const abbreviations = foldedLists((language) => language.abbreviations ?? "");
const months = new Set(grammars.flatMap((language) => [...lexiconOf(language).months.keys()]));
const weekdays = new Set(grammars.flatMap((language) => [...lexiconOf(language).weekdays.keys()]));
/** Words that begin sentences, and no names. */
const openers = foldedLists((language) => language.functionWords);

/**
 * Sentences by punctuation and line breaks. `No. 4`, `Mr. Oakes`, `1.5`, `Jan. 5`, `5 p.m. Monday`, `U.S. Navy` and
 * `5. Januar` are not ends.
 */
export function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const match of text.matchAll(boundary)) {
    const end = match.index + match[0].length;
    if (match[0].startsWith(".") && !match[0].includes("\n")) {
      if (goesOn(text.slice(start, match.index + 1), text.slice(end))) continue;
    }
    sentences.push(text.slice(start, end).trim());
    start = end;
  }
  return [...sentences, text.slice(start).trim()].filter((sentence) => sentence !== "");
}

/** Whether the full stop that `before` ends with is part of a word, and the sentence goes on with `after`. */
function goesOn(before: string, after: string): boolean {
  if (numberSign.test(before)) return /^\d/u.test(after);
  const next = foldWord(/^["'“‘«([]*(\p{L}[\p{L}\p{M}]*)/u.exec(after)?.[1] ?? "");
  if (/(?:^|\s)\d{1,2}\.$/u.test(before)) return months.has(next);
  const word = foldWord(lastWord.exec(before)?.[1] ?? "");
  if (months.has(word)) return word !== "may" && word.length <= 4 && /^\d/u.test(after);
  if (weekdays.has(word) && word.length <= 4) return /^\d/u.test(after) || months.has(next);
  if (abbreviations.has(word)) return true;
  if (!initials.test(before)) return false;
  if (/[ap]\. ?m\.$/iu.test(before)) return /^\d/u.test(after) || weekdays.has(next) || months.has(next);
  return !openers.has(next) || next.length === 1 || /(?:^|[\s(])\p{L}\.$/u.test(before);
}
