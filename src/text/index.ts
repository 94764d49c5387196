export { counted } from "./counted.ts";
export { isAbstainAnswer, isAbstention } from "./abstention.ts";
export { saysFigure } from "./figure.ts";
export type { Figure } from "./figure.ts";
export { figuresOf } from "./figures.ts";
export { foldWord } from "./fold-word.ts";
export type { Grammar } from "./grammar.ts";
export { grammars } from "./grammars/grammars.ts";
export { likelyGrammars } from "./likely-grammars.ts";
export { lexiconOf } from "./lexicon.ts";
export type { Lexicon } from "./lexicon.ts";
export { plainText } from "./plain-text.ts";
export { readText } from "./read-text.ts";
export type { Item, Reading } from "./read-text.ts";
export { stripLeadIns } from "./lead-ins.ts";
export { likeness } from "./likeness.ts";
export { splitSentences } from "./sentences.ts";
export { stemWord } from "./search/stem-word.ts";
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
