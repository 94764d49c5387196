import { grammars } from "./all-grammars.ts";
import { foldWord } from "../fold-word.ts";
import type { Grammar } from "./grammar.ts";
import { lexiconOf } from "./lexicon.ts";
import { plainText } from "../plain-text.ts";

const byScript: [RegExp, string][] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, "ja"],
  [/\p{Script=Han}/u, "zh ja"],
  [/\p{Script=Hangul}/u, "ko"],
  [/\p{Script=Thai}/u, "th"],
  [/\p{Script=Arabic}/u, "ar"],
  [/\p{Script=Devanagari}/u, "hi"],
  [/\p{Script=Cyrillic}/u, "ru"],
];
const scripted = new Set(byScript.flatMap(([, codes]) => codes.split(" ")));
/** Letters that one of the grammars has, and its neighbours have not. */
const letters: [RegExp, string][] = [
  [/[ãõ]/iu, "pt"],
  [/[ñ¿¡]/iu, "es"],
  [/[ßäöü]/iu, "de"],
  [/[åäö]/iu, "sv"],
  [/[åæø]/iu, "da"],
  [/[åæø]/iu, "no"],
  [/[èêœûç]/iu, "fr"],
  [/[ìòè]/iu, "it"],
  [/[ğşıİ]/u, "tr"],
];

/**
 * The grammars that a text may be in, likeliest first: by its script, in Latin letters by the words that every
 * sentence has. Several where they are even; none where nothing says so (`5 km`).
 */
export function likelyGrammars(text: string): Grammar[] {
  const plain = plainText(text);
  const script = byScript.find(([letters]) => letters.test(plain));
  if (script) return grammars.filter((language) => script[1].split(" ").includes(language.code));
  const words = (plain.match(/\p{L}[\p{L}\p{M}]*(?:['-]\p{L}+)*/gu) ?? []).flatMap((word) => {
    const folded = foldWord(word);
    // A lone letter is a unit, an initial or a label more often than a word; these are words in several languages.
    if (/^\p{Script=Latin}$/u.test(word) && !/^[aeoyà]$/u.test(word)) return [];
    if (folded === "o'clock" || folded.endsWith("n't")) return [folded];
    return /['-]/u.test(folded) ? [folded, ...folded.split(/['-]/u)] : [folded];
  });
  const scores = grammars
    .filter((language) => !scripted.has(language.code))
    .map((language) => ({
      language,
      score: words.reduce((sum, word) => sum + weigh(word, language), lettersOf(plain, language)),
    }));
  const best = Math.max(...scores.map(({ score }) => score));
  if (best === 0) return [];
  return scores.filter(({ score }) => score >= best * 0.999).map(({ language }) => language);
}

const lettersOf = (text: string, { code }: Grammar): number =>
  letters.some(([pattern, of]) => of === code && pattern.test(text)) ? 0.5 : 0;

function weigh(word: string, language: Grammar): number {
  const lexicon = lexiconOf(language);
  const isFunction = lexicon.functionWords.has(word) || lexicon.negators.has(word) || lexicon.but.has(word);
  if (isFunction) return 1;
  const known = [
    lexicon.months,
    lexicon.weekdays,
    lexicon.numbers,
    lexicon.scales,
    lexicon.ordinals,
    lexicon.hours,
    lexicon.units,
    lexicon.times,
    lexicon.bounds,
  ];
  const listed = known.some((names) => names.has(word)) || lexicon.yes.has(word) || lexicon.no.has(word);
  return listed || language.compound?.(word) !== undefined ? 1 : 0;
}
