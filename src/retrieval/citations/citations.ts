import type { Citation, Hit } from "../../contracts/index.ts";
import { splitSentences, stripLeadIns } from "../../text/index.ts";
import { findReferences } from "./find-references.ts";
import { supportOf } from "./supports.ts";
import { readYesOrNo } from "./yes-or-no.ts";

/**
 * The passages that an answer refers to, in the order of the answer: one citation for each sentence and reference, with
 * the part of the passage that bears the sentence out, or the verdict that none does. See `supportOf` for what is looked
 * at. A reference stands for what was said since the one before it.
 */
export function checkCitations(answer: string, hits: Hit[], question: string): Citation[] {
  const citations: Citation[] = [];
  let claims: { text: string; start: number }[] = [];
  let from = 0;
  for (const { marker, start, end } of findReferences(answer, hits)) {
    const said = sentencesOf(answer.slice(from, start), from).filter(({ text }) => saysSomething(text));
    // `[1][2]` and `… [1] (Fares, section 2)`: both stand for the claims before them.
    if (said.length > 0) claims = said;
    from = end;
    for (const claim of claims.length > 0 ? claims : [{ text: "", start }]) {
      citations.push(citationOf(marker, hits[marker - 1]!, claim, question));
    }
  }
  return citations;
}

function citationOf(
  marker: number,
  { chunk }: Hit,
  claim: { text: string; start: number },
  question: string,
): Citation {
  const support = supportOf(chunk, claim.text, question);
  return {
    marker,
    chunkId: chunk.id,
    documentId: chunk.documentId,
    title: chunk.title,
    headings: support?.headings ?? chunk.headings,
    start: chunk.start + (support?.start ?? 0),
    end: chunk.start + (support?.end ?? chunk.text.length),
    quote: support ? chunk.text.slice(support.start, support.end) : "",
    claim: { start: claim.start, end: claim.start + claim.text.length },
    verdict: support ? "supported" : "unsupported",
  };
}

const saysSomething = (text: string): boolean =>
  /[\p{L}\p{N}]/u.test(text) || readYesOrNo(text).affirms !== undefined;

/** Sentences with their place in the answer; what models open with is none. */
function sentencesOf(answer: string, offset: number): { text: string; start: number }[] {
  const text = answer.trimEnd();
  let at = text.length - stripLeadIns(text.trim()).length;
  return splitSentences(text.slice(at)).map((sentence) => {
    const start = Math.max(at, text.indexOf(sentence, at));
    at = start + sentence.length;
    return { text: sentence, start: offset + start };
  });
}
