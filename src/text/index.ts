export { counted } from "./counted.ts";
export { isAbstainAnswer, isAbstention } from "./abstention.ts";
export { detectLanguage, detectLanguages } from "./detect-languages.ts";
export { saysFigure } from "./figure.ts";
export type { Figure } from "./figure.ts";
export { figuresOf, holdsFigure } from "./figures.ts";
export { foldWord } from "./fold-word.ts";
export type { Language } from "./language.ts";
export { languages } from "./languages/languages.ts";
export type { Lexicon } from "./lexicon.ts";
export { plainText } from "./plain-text.ts";
export { readText } from "./read-text.ts";
export type { Item, Reading } from "./read-text.ts";
export { stripLeadIns } from "./lead-ins.ts";
export { likeness } from "./likeness.ts";
export { splitSentences } from "./sentences.ts";
export { stemsOf, stemWord } from "./stems.ts";
export {
  duration,
  list,
  milliseconds,
  money,
  percent,
  points,
  pValue,
  withInterval,
} from "./plain-figures.ts";
