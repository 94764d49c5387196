export {
  count,
  duration,
  list,
  milliseconds,
  money,
  percent,
  points,
  pValue,
  withInterval,
} from "./figures.ts";
export { functionWordsOf, guessLanguage } from "./function-words.ts";
export { PhraseAutomaton } from "./phrase-automaton.ts";
export type { PhraseMatch } from "./phrase-automaton.ts";
export { foldToken, phraseTokens } from "./phrase-tokens.ts";
export type { PhraseToken } from "./phrase-tokens.ts";
export { stemToken } from "./stem-token.ts";
