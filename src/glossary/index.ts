export { checkEntries } from "./check-entries.ts";
export type { GlossaryFinding } from "./check-entries.ts";
export { createGlossary } from "./glossary.ts";
export type { GlossaryEntry, LanguagePair } from "./glossary-entry.ts";
export { parseGlossary } from "./parse-glossary.ts";
export { answerWithTerms } from "./answer-with-terms.ts";
export { checkAnswer } from "./check-answer.ts";
export { createTermFinder } from "./find-terms.ts";
export { renderTerms } from "./render-terms.ts";
