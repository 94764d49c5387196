export { counted } from "./counted.ts";
export { isAbstainAnswer, isAbstention } from "./abstention.ts";
export { finalAnswer } from "./final-answer.ts";
export { saysFigure } from "./reading/figure.ts";
export type { Figure } from "./reading/figure.ts";
export { figuresOf } from "./reading/figures.ts";
export { foldWord } from "./fold-word.ts";
export type { Grammar, Sought } from "./grammars/grammar.ts";
export { verbOf } from "./grammars/english-verbs.ts";
export { grammars } from "./grammars/all-grammars.ts";
export { likelyGrammars } from "./grammars/likely-grammars.ts";
export { lexiconOf } from "./grammars/lexicon.ts";
export type { Lexicon } from "./grammars/lexicon.ts";
export { plainText } from "./plain-text.ts";
export { readText } from "./reading/read-text.ts";
export type { Item } from "./reading/item.ts";
export type { Reading } from "./reading/read-text.ts";
export { stripAsides, stripLeadIns } from "./lead-ins.ts";
export { likeness } from "./likeness.ts";
export { fullStops, splitSentences } from "./sentences.ts";
export { windows1252 } from "./windows-1252.ts";
export { stemsOf } from "./stems.ts";
export { stemByLanguage } from "./search/stem-by-language.ts";
export {
  duration,
  list,
  milliseconds,
  money,
  percent,
  points,
  pValue,
  rangeOf,
  withInterval,
} from "./plain-figures.ts";
export { PhraseAutomaton } from "./phrases/phrase-automaton.ts";
export { hasStemmer, joinsWords, stemToken, stopWordsOf } from "./phrases/phrase-language.ts";
export { foldToken, phraseTokens } from "./phrases/phrase-tokens.ts";
export type { PhraseToken } from "./phrases/phrase-tokens.ts";
export { languageOf } from "./search/language-of.ts";
export { contentTokens, questionTokens, searchTokens } from "./search/search-tokens.ts";
export type { SearchTokens } from "./search/search-tokens.ts";
