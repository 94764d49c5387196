import type { LanguageCode } from "../../contracts/index.ts";
import * as stopWordLists from "stopword";

/** How the words of a language are written and inflected. A new language is a row. */
interface WordRules {
  /** ISO 639-3, as the detector and the lists of stop words name it. */
  code3: string;
  /** A light stemmer of ours, or else Snowball's. */
  stemmer?: string;
  stopWords: readonly string[];
  /** Writes compounds as one word: Hundegebühr, hondenbelasting, hundavgift. */
  joinsWords?: true;
  /** Prepositions and the like that are written with the word behind them, which may as well begin so itself. */
  clitics?: RegExp;
}

const row = (code3: string, stopWords: readonly string[], rest: Partial<WordRules> = {}): WordRules => ({
  code3,
  stopWords,
  ...rest,
});

/** By ISO 639-1 code. */
export const wordRules = {
  ar: row("arb", stopWordLists.ara, { stemmer: "arabic", clitics: /^[بكل](?=\p{L}{3})/u }),
  bg: row("bul", stopWordLists.bul, { stemmer: "bulgarian" }),
  ca: row("cat", stopWordLists.cat, { stemmer: "catalan" }),
  cs: row("ces", stopWordLists.ces, { stemmer: "czech" }),
  da: row("dan", stopWordLists.dan, { stemmer: "danish", joinsWords: true }),
  de: row("deu", stopWordLists.deu, { stemmer: "german", joinsWords: true }),
  el: row("ell", stopWordLists.ell, { stemmer: "greek" }),
  en: row("eng", stopWordLists.eng, { stemmer: "english" }),
  es: row("spa", stopWordLists.spa, { stemmer: "spanish" }),
  fa: row("pes", stopWordLists.fas, { stemmer: "persian" }),
  fi: row("fin", stopWordLists.fin, { stemmer: "finnish", joinsWords: true }),
  fr: row("fra", stopWordLists.fra, { stemmer: "french" }),
  he: row("heb", stopWordLists.heb, { clitics: /^[והבלמשכ]{1,2}(?=\p{L}{3})/u }),
  hi: row("hin", stopWordLists.hin, { stemmer: "hindi" }),
  hu: row("hun", stopWordLists.hun, { stemmer: "hungarian", joinsWords: true }),
  hy: row("hye", stopWordLists.hye, { stemmer: "armenian" }),
  id: row("ind", stopWordLists.ind),
  it: row("ita", stopWordLists.ita, { stemmer: "italian" }),
  ja: row("jpn", stopWordLists.jpn),
  ko: row("kor", stopWordLists.kor),
  nl: row("nld", stopWordLists.nld, { stemmer: "dutch", joinsWords: true }),
  no: row("nob", stopWordLists.nob, { stemmer: "norwegian", joinsWords: true }),
  pl: row("pol", stopWordLists.pol, { stemmer: "polish" }),
  pt: row("por", stopWordLists.por, { stemmer: "portuguese" }),
  ro: row("ron", stopWordLists.ron, { stemmer: "romanian" }),
  ru: row("rus", stopWordLists.rus, { stemmer: "russian" }),
  sv: row("swe", stopWordLists.swe, { stemmer: "swedish", joinsWords: true }),
  sw: row("swh", stopWordLists.swa),
  ta: row("tam", [], { stemmer: "tamil" }),
  th: row("tha", stopWordLists.tha),
  tr: row("tur", stopWordLists.tur, { stemmer: "turkish" }),
  uk: row("ukr", stopWordLists.ukr, { stemmer: "ukrainian" }),
  ur: row("urd", stopWordLists.urd),
  vi: row("vie", stopWordLists.vie),
  zh: row("cmn", stopWordLists.zho),
} satisfies Record<LanguageCode, WordRules>;

export const rulesOf = (language: LanguageCode): WordRules => wordRules[language];
