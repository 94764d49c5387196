import { sameSpelling } from "../same-spelling.ts";

/** A word, a character of a script that is written without spaces, or a sign, and where it stands (UTF-16 code units). */
export interface PhraseToken {
  text: string;
  start: number;
  end: number;
}

/** Scripts that put no space between words. */
const unspaced =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";
/**
 * Hyphens, apostrophes, blanks and marks that show nothing are no tokens, so that `COVID-19` is `COVID 19`; other signs
 * are, so that `C++` is not `C` and no phrase runs over the end of a sentence.
 */
const token = new RegExp(
  `[${unspaced}]\\p{M}*|(?:(?![${unspaced}])[\\p{L}\\p{N}]\\p{M}*\\u00AD?)+|[^\\s\\p{L}\\p{N}\\p{M}\\p{Pd}\\p{Cf}'’ʼ]`,
  "gu",
);

/** The tokens that phrases are matched by. Linear in the text's length. */
export function phraseTokens(text: string): PhraseToken[] {
  const tokens: PhraseToken[] = [];
  for (const match of text.matchAll(token)) {
    tokens.push({ text: match[0], start: match.index, end: match.index + match[0].length });
  }
  return tokens;
}

/** Accents, Arabic and Hebrew vowel points, and characters that show nothing; not the vowel signs of Indic scripts. */
const marks = /[\u0300-\u036F\u0591-\u05C7\u064B-\u065F\u0670\p{Cf}]/gu;

/** A token as it is compared: compatibility forms, case, accents and invisible marks gone. */
export function foldToken(token: string): string {
  return sameSpelling(token).normalize("NFKD").replaceAll(marks, "").toLowerCase().replaceAll("ß", "ss");
}
