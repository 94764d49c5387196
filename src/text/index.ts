export { counted } from "./counted.ts";
export { figuresOf } from "./figures.ts";
export { functionWords, smallNumbers, smallOrdinals } from "./languages/english.ts";
export { stripLeadIns } from "./lead-ins.ts";
export { likeness } from "./likeness.ts";
export { splitSentences } from "./sentences.ts";
export { stemsOf } from "./stems.ts";
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
export { questionTokens, searchTokens } from "./search/search-tokens.ts";
export type { SearchTokens } from "./search/search-tokens.ts";
