import { foldWord } from "../fold-word.ts";
import { hanNumeral } from "./han-numerals.ts";
import type { Lexicon } from "../grammars/lexicon.ts";

/** A piece of a text as it stands, before figures are made of it. Offsets are those of the text given. */
export interface Token {
  kind: "word" | "number" | "mark" | "figure";
  text: string;
  folded: string;
  start: number;
  end: number;
}

const unspacedRun =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}ー々]+/uy;
const acronym =
  /(?:\p{L}\.)+\p{L}(?![\p{L}\p{M}\d])\.?|(?:\p{L}\.){2,}|(?:\p{Lu}\. ){2,}(?=\p{Lu}[\p{L}\p{M}])|\p{Lu}\.(?= ?\p{Lu})/uy;
/** `C++`, `C#`; `A+` and `B-` are marks of a grade. */
const word = /N\/A(?!\p{L})|\p{Lu}\p{Lu}?[+-](?![\p{L}\p{N}+-])|\p{L}[\p{L}\p{M}]*(?:'\p{L}+)*(?:\+\+|#)?/uy;
const number =
  /\d{1,3}(?:(?:,\d{2,3})+(?!\d)(?:\.\d+)?|(?:\.\d{3})+(?!\d)(?:,\d+)?|(?:[ ']\d{3})+(?!\d)(?:[.,]\d+)?)|\d+(?:[.,]\d+)?|[.,]\d+/uy;
const han = new RegExp(hanNumeral, "uy");

/** Words, numbers and marks of a text in its plain form (`plainText`). */
export function tokenize(text: string, lexicon: Lexicon): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const read = (pattern: RegExp): string | undefined => {
      pattern.lastIndex = at;
      return pattern.exec(text)?.[0];
    };
    const push = (kind: Token["kind"], piece: string): void => {
      tokens.push({ kind, text: piece, folded: foldWord(piece), start: at, end: at + piece.length });
      at += piece.length;
    };
    const run = read(unspacedRun);
    if (/\s/u.test(text[at]!)) at++;
    else if (run !== undefined) {
      for (const piece of cutRun(run, lexicon)) push("word", piece);
    } else if (
      /\d/u.test(text[at]!) ||
      (text[at] === "." && /\d/u.test(text[at + 1] ?? "") && !/[\p{L}\d]/u.test(text[at - 1] ?? "")) ||
      // `,5` is half of one where nothing stands before it.
      (at === 0 && /^,\d/u.test(text))
    ) {
      push("number", read(number)!);
    } else {
      const initials = read(acronym);
      if (initials !== undefined) {
        tokens.push({
          kind: "word",
          text: initials.trim(),
          folded: foldWord(initials).replace(/[. ]/gu, ""),
          start: at,
          end: at + initials.length,
        });
        at += initials.length;
        continue;
      }
      const piece = read(word);
      if (piece !== undefined)
        for (const part of lexicon.language.code === "ko" ? cutParticle(piece) : [piece]) push("word", part);
      else push("mark", String.fromCodePoint(text.codePointAt(at)!));
    }
  }
  return tokens;
}

/** Korean writes particles onto the word. */
function cutParticle(word: string): string[] {
  const parts =
    /^(\p{Script=Hangul}{2,}?)(에서는|에서|에는|에|은|는|이|가|을|를|의|와|과|도|로|으로|입니다|이다|부터|까지)$/u.exec(
      word,
    );
  return parts ? [parts[1]!, parts[2]!] : [word];
}

const segmenters = new Map<string, Intl.Segmenter>();

/** `不需要` is what `需要` denies. */
const cutDenial = (word: string): string[] =>
  /^不\p{Script=Han}{2}$/u.test(word) ? ["不", word.slice(1)] : [word];

/** A run of a script without spaces in words; days of the week and numerals stay whole. */
function cutRun(run: string, { language, weekdays }: Lexicon): string[] {
  const segmenter =
    segmenters.get(language.code) ?? new Intl.Segmenter(language.code, { granularity: "word" });
  segmenters.set(language.code, segmenter);
  const pieces: string[] = [];
  let rest = 0;
  const cut = (to: number): void => {
    if (to > rest)
      for (const { segment } of segmenter.segment(run.slice(rest, to))) pieces.push(...cutDenial(segment));
  };
  for (let at = 0; at < run.length;) {
    const day = [...weekdays.keys()]
      .filter((each) => run.startsWith(each, at))
      .toSorted((a, b) => b.length - a.length)[0];
    han.lastIndex = at;
    const whole = day ?? han.exec(run)?.[0];
    if (whole === undefined) at++;
    else {
      cut(at);
      pieces.push(whole);
      at += whole.length;
      rest = at;
    }
  }
  cut(run.length);
  return pieces;
}
