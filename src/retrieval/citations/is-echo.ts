import type { Chunk, LanguageCode } from "../../contracts/index.ts";
import { chunkHeader } from "../../documents/index.ts";
import { foldWord, grammars, saysFigure } from "../../text/index.ts";
import { readStatement, withoutLabels, type Statement } from "./read-statement.ts";

const asking =
  "who|whom|whose|what|which|why|how|wer|wen|wem|was|welche[rsnm]?|warum|wie|qui|quoi|quel(?:le)?s?|pourquoi|comment|combien|quién(?:es)?|qué|cuál(?:es)?|por qué|cómo|cuánt[oa]s?|кто|что|какой|какая|какое|какие|почему|как|сколько";
/** These also join clauses: `Is there a fine, when the boat is late?` */
const joining = "when|where|wann|wo|quand|où|cuándo|dónde|когда|где";
/** `At what age`, `In a storm, what`: a question that asks for more than yes or no. */
const openQuestion = new RegExp(
  `(?:^|[.!?¿,;:]\\s*)[^\\p{L}]*(?:[\\p{L}'’]+\\s+){0,2}(?:${asking})(?!\\p{L})|(?:^|[.!?¿]\\s*)[^\\p{L}]*(?:[\\p{L}'’]+\\s+){0,2}(?:${joining})(?!\\p{L})`,
  "iu",
);

/**
 * Whether a claim only repeats the open question that was asked (`The fine for smoking in a`): it names no word, figure
 * or code beyond the question's, and denies nothing. To choose between what the question names is to answer it.
 */
export function isEcho(claim: Statement, question: string, language: LanguageCode | undefined): boolean {
  if (!openQuestion.test(question) || offersChoice(question, language)) return false;
  const asked = readStatement(question, language);
  return (
    claim.negated === asked.negated &&
    [...claim.words].every((word) => asked.words.has(word)) &&
    // `2.1 metres`: what may be read as the number of a section is more than the question says, too.
    (claim.text.match(/\p{N}+[.,]\p{N}+/gu) ?? []).every((decimal) => question.includes(decimal)) &&
    claim.figures.every((figure) => asked.figures.some((known) => saysFigure(figure, known)))
  );
}

/** Whether a claim is the beginning of what stands above a passage, as models see it: `Fares > 5.` */
export function isHeader(claim: string, chunk: Chunk): boolean {
  const words = (text: string): string[] => foldWord(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  const said = words(claim);
  const header = words(chunkHeader(chunk));
  return claim.includes(">") && said.length > 0 && said.every((word, index) => word === header[index]);
}

function offersChoice(question: string, language: LanguageCode | undefined): boolean {
  const grammar = grammars.find(({ code }) => code === language) ?? grammars[0]!;
  const or = new Set(grammar.or.split(/\s+/u).map(foldWord));
  return (foldWord(withoutLabels(question)).match(/\p{L}+/gu) ?? []).some((word) => or.has(word));
}
