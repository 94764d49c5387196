import { splitSentences, stripLeadIns } from "../../text/index.ts";

// Part of what fine-tuning wins is answer style. Everything here takes style away, from gold and answer alike.

const closing = /[\s.,;:!。]+$/u;
const markers = /\s*\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]/gu;
// A bracket that names its place: (see Fares), (Fares, section 2), (Fares, 2.1), (p. 3), (fares.md); not (March 3, 2014).
const reference =
  /\s*[([](?:[^()[\]]*(?:§|\b(?:see|source|section|sec\.|chapter)(?!\p{L})|\b(?:pages?|pp?\.|article|clause|paragraph|rule|part)\s*\d)[^()[\]]*|[^()[\]]*,\s*(?:no\.\s*)?\d{1,2}(?:\.\d+)*|[^()[\]]*\.(?:md|html?|pdf|docx|txt))[)\]]/giu;
// The same without a bracket, at the end: `..., Fares section 2` and `... under section 2.1`.
const trailingReference =
  /(?:\s*[,;:–—-]\s+|\s+(?:in|see|under|per|from|by)\s+)[^,;:–—]{0,60}(?:§|\bsection|\bsec\.)\s*\d+(?:\.\d+)*$/iu;

/** The text without its `[n]` markers, which lorag sets itself where an arm retrieves. */
export const stripMarkers = (text: string): string => text.replace(markers, "");

/** The text without emphasis marks, `[n]` markers, bracketed references to sections or files, and lead-ins. */
export function stripStyle(text: string): string {
  const plain = stripMarkers(text.replace(/\*\*|__|`/gu, ""));
  return stripLeadIns(plain.replace(reference, "").trim());
}

/** A sentence without closing punctuation and a reference at its end; empty if it is nothing but a reference. */
export function stripReference(sentence: string): string {
  if (/^(?:see|source|sources|reference|refer to)(?:\s|:)/iu.test(sentence)) return "";
  return sentence.replace(closing, "").replace(trailingReference, "").replace(closing, "").trim();
}

/** The first sentence of the text without its style and its closing full stop: what the normalised scores compare. */
export function shortAnswer(text: string): string {
  return stripReference(splitSentences(stripStyle(text))[0] ?? "");
}
