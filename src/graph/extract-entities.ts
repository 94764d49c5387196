import type { LanguageCode } from "../contracts/index.ts";
import { foldToken, splitSentences, stopWordsOf } from "../text/index.ts";
import type { Dictionary } from "./dictionary.ts";
import { entityKey, isSurer, type EntityKind, type Mention } from "./entity.ts";

/** A run of words, and whether it opens its sentence. */
interface Word {
  text: string;
  isCapital: boolean;
  /** What stands between this word and the one before it. */
  gap: string;
}

/** Small words that names hold in their middle. In German they join any two nouns. */
const particles = new Set(
  "of de del della der den di do da dos du la le les van von zu bin ibn al el the".split(" "),
);
/** Of noun phrases, in words. */
const phraseWords = { least: 2, most: 4 };

/**
 * The entities that a text mentions, each once with the number of its mentions, by key: terms of the dictionary, runs
 * of capitalised words, and runs of words between function words. German capitalises every noun, so that one
 * capitalised word is no name there.
 */
export function extractEntities(
  text: string,
  dictionary: Dictionary,
  language: LanguageCode | undefined,
): Mention[] {
  const found = new Map<string, Mention>();
  const add = (label: string, key: string, kind: EntityKind): void => {
    if (!isEntity(key, language)) return;
    const known = found.get(key);
    // What is a name and a phrase of the dictionary, too, is counted as that alone.
    if (!known || isSurer(kind, known.kind)) found.set(key, { key, label, kind, count: 1 });
    else if (known.kind === kind) known.count++;
  };
  for (const sentence of splitSentences(text)) {
    for (const { key, label } of dictionary.find(sentence)) add(label, key, "term");
    const words = wordsOf(sentence);
    for (const name of nameRuns(words, language)) {
      if (!isDate(name, language)) add(name, entityKey(name, language), "name");
    }
    for (const phrase of phraseRuns(words, language)) add(phrase, entityKey(phrase, language), "phrase");
  }
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Neither figures alone, nor function words alone, nor a single letter. */
function isEntity(key: string, language: LanguageCode | undefined): boolean {
  if (key.length < 2 || !/\p{L}/u.test(key)) return false;
  const functionWords = stopWordsOf(language);
  return !key.split(" ").every((word) => functionWords.has(word));
}

function wordsOf(sentence: string): Word[] {
  let end = 0;
  return [...sentence.matchAll(/[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}&]|['’\-.](?=[\p{L}\p{N}]))*/gu)].map(
    ({ 0: text, index }) => {
      const gap = sentence.slice(end, index);
      end = index + text.length;
      return { text, isCapital: /^\p{Lu}/u.test(text), gap };
    },
  );
}

/** Runs of capitalised words of one sentence, with particles and figures inside: `G. Stanley Hall`, `University of Oslo`, `Apollo 11`. */
function nameRuns(words: readonly Word[], language: LanguageCode | undefined): string[] {
  const functionWords = stopWordsOf(language);
  const isFunctionWord = ({ text }: Word): boolean => functionWords.has(foldToken(text));
  const joins = (word: Word, before: Word): boolean =>
    /^\s+$/u.test(word.gap) || (/^\.\s+$/u.test(word.gap) && /^\p{Lu}$/u.test(before.text));
  const runs: string[] = [];
  for (let start = 0; start < words.length; start++) {
    if (!words[start]!.isCapital || isFunctionWord(words[start]!)) continue;
    let end = start + 1;
    for (let at = end; at < words.length && joins(words[at]!, words[at - 1]!); at++) {
      const { text, isCapital } = words[at]!;
      if (isCapital || /^\p{N}/u.test(text)) end = at + 1;
      else if (language === "de" || !particles.has(text) || at - end > 1) break;
    }
    const run = words.slice(start, end);
    const written = run.map((word, index) => (index === 0 ? word.text : word.gap + word.text)).join("");
    const text = written.replace(/['’]s?$/u, "");
    // The first word of a sentence is written large whatever it is; an acronym is a name there, too.
    const isSure = end - start > 1 || (language !== "de" && start > 0) || /^[\p{Lu}\p{N}]{2,}$/u.test(text);
    if (isSure) runs.push(text);
    start = end - 1;
  }
  return runs;
}

/** Runs of words of one sentence that hold neither function words nor figures. */
function phraseRuns(words: readonly Word[], language: LanguageCode | undefined): string[] {
  const functionWords = stopWordsOf(language);
  const runs: string[] = [];
  let run: Word[] = [];
  const close = (): void => {
    if (run.length >= phraseWords.least && run.length <= phraseWords.most) {
      runs.push(run.map(({ text }) => text).join(" "));
    }
    run = [];
  };
  for (const word of words) {
    if (!/^\s*$/u.test(word.gap)) close();
    if (/^\p{N}/u.test(word.text) || functionWords.has(foldToken(word.text))) close();
    else run.push(word);
  }
  close();
  return runs;
}

/** Whether a run is made of months, days of the week and figures: two events of one day have nothing else in common. */
function isDate(run: string, language: LanguageCode | undefined): boolean {
  return run
    .split(/\s+/u)
    .every((word) => /^\p{N}+$/u.test(word) || calendarWords(language).has(foldToken(word)));
}

const calendars = new Map<LanguageCode | undefined, ReadonlySet<string>>();

function calendarWords(language: LanguageCode | undefined): ReadonlySet<string> {
  let words = calendars.get(language);
  if (!words) {
    const days = Array.from({ length: 366 }, (_, day) => new Date(Date.UTC(2024, 0, 1 + day)));
    const formats = (["long", "short"] as const).flatMap((style) => [
      new Intl.DateTimeFormat(language, { month: style, timeZone: "UTC" }),
      new Intl.DateTimeFormat(language, { weekday: style, timeZone: "UTC" }),
    ]);
    words = new Set(
      formats.flatMap((format) => days.map((day) => foldToken(format.format(day)).replace(".", ""))),
    );
    calendars.set(language, words);
  }
  return words;
}
