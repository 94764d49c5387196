import type { LanguageCode } from "../../contracts/index.ts";
import { asciiDigit } from "../plain-text.ts";
import { sameSpelling } from "../same-spelling.ts";
import { rulesOf } from "./word-rules.ts";
import { stemByLanguage } from "./stem-by-language.ts";

/** What a text is found by. */
export interface SearchTokens {
  /** Its words as stems, its codes and numbers whole, its runs of scripts without spaces as pairs of characters. */
  words: string[];
  /** What longer words and codes are made of: `hund` and `gebuhr` of `Hundegebühr`, `1203` of `AB-1203/4`. */
  parts: string[];
}

/** Longer ones are cut, on both sides of a search. */
const longest = 128;
const invisible = /[\u00AD\u200B-\u200F\u2060-\u2064\uFEFF\u0640]/gu;
/** Letters and digits, joined as in `AB-1203/4`, `4.10`, `passenger's`; `C++` and `C#` with what tells them apart. */
const terms = /[\p{L}\p{N}\p{M}]+(?:[-‐‑–_./:@&'’,·][\p{L}\p{N}\p{M}]+)*(?:[+#]{1,3}(?![\p{L}\p{N}]))?/gu;
const unspaced =
  /(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]+|[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+)/u;
const unspacedRun = new RegExp(`(${unspaced.source})`, "u");
const characters = /\P{M}\p{M}*/gu;

/**
 * What a text is indexed by, and a question looked up by. Unicode forms, case, accents, zero-width characters and
 * inflections make no difference. `language` chooses the stemmer and whether words are taken apart.
 */
export function searchTokens(text: string, language?: LanguageCode): SearchTokens {
  return tokensOf(text, language, new Set());
}

/** Stop words are left out as they are written: a stem of one may be that of a word that says something. */
function tokensOf(
  text: string,
  language: LanguageCode | undefined,
  stops: ReadonlySet<string>,
): SearchTokens {
  const tokens: SearchTokens = { words: [], parts: [] };
  for (const [term] of plain(text, language).matchAll(terms)) {
    for (const run of term.split(unspacedRun)) {
      if (run === "") continue;
      if (unspaced.test(run)) {
        for (const pair of characterPairs(run)) if (!stops.has(pair)) tokens.words.push(pair);
      } else if (!stops.has(fold(cut(run)))) addTerm(run, language, stops, tokens);
    }
  }
  return tokens;
}

/**
 * The tokens of a question, each once, without stop words where anything else is left. It is read in each of the
 * languages that the index holds, and plainly, as passages too short to have a language are.
 */
export function questionTokens(question: string, among: readonly LanguageCode[]): SearchTokens {
  const allStops = new Set(among.flatMap((language) => [...stopsOf(language)]));
  const readings = (isWhole: boolean): SearchTokens[] =>
    [...among, undefined].map((language) =>
      tokensOf(question, language, isWhole ? new Set() : language ? stopsOf(language) : allStops),
    );
  const content = readings(false);
  const chosen = content.some(({ words }) => words.length > 0) ? content : readings(true);
  const words = new Set(chosen.flatMap((reading) => reading.words));
  const parts = new Set(chosen.flatMap((reading) => reading.parts).filter((part) => !words.has(part)));
  return { words: [...words], parts: [...parts] };
}

/** The words of a text that say what it is about, as they are indexed: no stop words. */
export function contentTokens(text: string, language: LanguageCode | undefined): string[] {
  return tokensOf(text, language, stopsOf(language)).words;
}

const stops = new Map<LanguageCode, ReadonlySet<string>>();

/** The stop words of a language, folded, and where it has no spaces the characters and pairs that they are made of. */
function stopsOf(language: LanguageCode | undefined): ReadonlySet<string> {
  if (!language) return new Set();
  const made = stops.get(language) ?? new Set(searchTokens(rulesOf(language).stopWords.join(" ")).words);
  stops.set(language, made);
  return made;
}

/** One form for what is the same text to its reader. Dots on `ё` are left out as often as not. */
function plain(text: string, language: LanguageCode | undefined): string {
  const usual = text
    .normalize("NFKC")
    .replace(invisible, "")
    .replace(/(?![0-9])\p{Nd}/gu, asciiDigit)
    .replace(/(?<=\d)٫(?=\d)/gu, ".")
    .replace(/(?<=\d)٬(?=\d)/gu, ",");
  // `I` is a small `ı` in Turkish: its stems depend on it.
  const lower = language === "tr" ? usual.toLocaleLowerCase("tr") : usual.toLowerCase();
  return sameSpelling(lower).replaceAll("ё", "е");
}

/** `東京都` is 東 京 都 東京 京都. */
function characterPairs(run: string): string[] {
  const single = run.match(characters) ?? [];
  return [...single, ...single.slice(1).map((character, index) => single[index]! + character)];
}

function addTerm(
  term: string,
  language: LanguageCode | undefined,
  stops: ReadonlySet<string>,
  tokens: SearchTokens,
): void {
  const runs = term.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  const symbol = /[+#]+$/u.exec(term);
  if (symbol) tokens.words.push(`${runs.at(-1)!}${symbol[0]}`);
  const isCode = /\p{N}/u.test(term);
  if (isCode && runs.length > 1) {
    tokens.words.push(cut(term.replaceAll(/(?<=\d),(?=\d{3})|['’+#]/gu, "")));
    for (const run of runs) tokens.parts.push(...codeParts(run, language));
    return;
  }
  const hasElision = /['’]/u.test(term);
  for (const run of runs) {
    // `l'eau`, `passenger's`: what is before or after the apostrophe is no word.
    if (hasElision && run.length === 1) continue;
    if (stops.has(fold(cut(run)))) continue;
    if (!isCode) addWord(run, language, tokens);
    else {
      const [whole, ...rest] = codeParts(run, language);
      tokens.words.push(whole!);
      tokens.parts.push(...rest);
    }
  }
}

/** A run of letters and digits, and each of its stretches: `ab1203`, `ab`, `1203`. `p53` is one. */
function codeParts(run: string, language: LanguageCode | undefined): string[] {
  const stretches = run.match(/\p{N}+|[\p{L}\p{M}]+/gu) ?? [];
  const whole = /\p{N}/u.test(run) ? cut(run) : fold(stemByLanguage(run, language));
  const isOne = stretches.length < 2 || stretches.some((stretch) => /^\p{L}$/u.test(stretch));
  return isOne
    ? [whole]
    : [whole, ...stretches.map((stretch) => fold(stemByLanguage(cut(stretch), language)))];
}

/** Parts of compounds have at least as many letters. */
const shortestPart = 4;

function addWord(word: string, language: LanguageCode | undefined, tokens: SearchTokens): void {
  const stem = (text: string): string => fold(stemByLanguage(text, language));
  const whole = cut(word);
  // Vietnamese tells words apart by their accents. Who leaves them out means one of several.
  const accented = language === "vi" ? whole.normalize("NFC") : stem(whole);
  tokens.words.push(accented);
  if (accented !== stem(whole)) tokens.parts.push(stem(whole));
  if (!language) return;
  const { clitics, joinsWords } = rulesOf(language);
  if (clitics?.test(whole)) tokens.parts.push(stem(whole.replace(clitics, "")));
  if (!joinsWords || whole.length > 40) return;
  // Without a dictionary: wherever it may be joined. What is no word is in no question.
  for (let at = shortestPart; at <= whole.length - shortestPart; at++) {
    tokens.parts.push(stem(whole.slice(0, at)), stem(whole.slice(at)));
  }
}

const cut = (token: string): string => token.slice(0, longest);

/** Accents of Latin and Greek letters, vowel signs of Arabic and Hebrew ones, and letters written in two ways. */
function fold(word: string): string {
  if (/^[a-z0-9]*$/u.test(word)) return word;
  return word
    .normalize("NFD")
    .replaceAll(/(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}]\p{M}*)\p{M}/gu, "")
    .normalize("NFC")
    .replaceAll(/[ßøłđıæœىیکة]/gu, (letter) => sameLetters[letter]!);
}

const sameLetters: Record<string, string> = {
  ß: "ss",
  ø: "o",
  ł: "l",
  đ: "d",
  ı: "i",
  æ: "ae",
  œ: "oe",
  ى: "ي",
  ی: "ي",
  ک: "ك",
  ة: "ه",
};
