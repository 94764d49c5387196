import { fullStops, splitSentences, stripAsides, stripLeadIns } from "../../text/index.ts";

// Part of what fine-tuning wins is answer style. Everything here takes style away, from gold and answer alike.

const closing = new RegExp(String.raw`[\s.,;:!${fullStops}]+$`, "u");
const markers = /\s*\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]/gu;
// A bracket that names its place: (see Fares), (Fares, section 2), (p. 3), (fares.md).
const reference =
  /\s*[([](?:[^()[\]]*(?:§|\b(?:see|source|section|sec\.|chapter)(?!\p{L})|\b(?:pages?|pp?\.|article|clause|paragraph|rule|part)\s*\d)[^()[\]]*|[^()[\]]*\.(?:md|html?|pdf|docx|txt))[)\]]/giu;
// (Fares, 2.1); not (March 3, 2014), (children, 3) nor (Monday, 3).
const numberedReference = /\s*[([](?!\p{L}*day\b)\p{Lu}[^()[\]]*,\s*(?:[Nn]o\.\s*)?\d{1,2}(?:\.\d+)*[)\]]/gu;
// The same without a bracket, at the end: `..., Fares section 2` and `... under section 2.1`.
const trailingReference =
  /(?:\s*[,;:–—-]\s+|\s+(?:in|see|under|per|from|by)\s+)[^,;:–—]{0,60}(?:§|\bsection|\bsec\.)\s*\d+(?:\.\d+)*$/iu;

/** The text without its `[n]` markers, which lorag sets itself where an arm retrieves. */
export const stripMarkers = (text: string): string => text.replace(markers, "");

/** `[Oslo](https://...)` */
const link = /!?\[([^[\]]+)\]\((?:https?:|mailto:|\/|\.)[^()\s]*\)/gu;

/** The text without emphasis marks, `[n]` markers, bracketed references to sections or files, and lead-ins. */
export function stripStyle(text: string): string {
  const plain = joinList(
    stripMarkers(
      plainMath(text)
        .replace(link, "$1")
        .replace(/\*\*|__|`/gu, ""),
    ),
  );
  return stripAsides(stripLeadIns(plain.replace(reference, "").replace(numberedReference, "").trim()));
}

/** LaTeX's frames and fractions, and raised digits, as one would type them: `\\boxed{\\frac{1}{2}}` is 1/2, `x²` x^2. */
const plainMath = (text: string): string =>
  text
    .replace(/(?<=\d)\{,\}(?=\d)/gu, ",")
    .replace(/\\sqrt\{(\w+)\}/gu, "√$1")
    .replace(/\\d?frac\{(-?\d+)\}\{(\d+)\}/gu, "$1/$2")
    .replace(/\\(?:boxed|text|mathrm)\{([^{}]*)\}/gu, "$1")
    .replace(/(?<=(?<![\p{L}\d])\p{L})([²³])/gu, (raised) => `^${raised === "²" ? 2 : 3}`);

const listed = /(?:^|\s)\(?(\d{1,2})[.)]\s+(?=\p{L})/gu;
const bullet = /^[-*•]\s+/gmu;

/** A list that is numbered from 1, or has a mark at each line, as one sentence: its items with commas between. */
function joinList(text: string): string {
  const numbers = [...text.matchAll(listed)].map((match) => Number(match[1]));
  if (numbers.length > 1 && numbers.every((number, at) => number === at + 1))
    return text
      .replace(listed, ", ")
      .replace(/[.;,]?\s*, /gu, ", ")
      .replace(/^, /u, "");
  if ((text.match(bullet) ?? []).length < 2) return text;
  return text.replace(bullet, "").replace(/[.;,]?\s*\n+/gu, ", ");
}

const referring = /^(?:see|sources?|references?|refer to)(?:\s|:)/iu;

/** A sentence without closing punctuation and a reference at its end; empty if it is nothing but a reference. */
export function stripReference(sentence: string): string {
  if (referring.test(sentence)) return "";
  const date = /(?<!\d)\d{1,2}\.\d{1,2}\.$/u.test(sentence) ? "." : "";
  return sentence.replace(closing, "").replace(trailingReference, "").replace(closing, "").trim() + date;
}

/**
 * The first sentence of the text without its style and its closing full stop: what the normalised scores compare. Of a
 * text that is nothing but a reference, that.
 */
export function shortAnswer(text: string): string {
  const [first = "", ...rest] = splitSentences(stripStyle(text));
  const short = stripReference(first);
  if (short !== "" || first.replace(closing, "") === "") return short || withoutLabel(text);
  return rest.length > 0 ? shortAnswer(rest.join(" ")) : withoutLabel(text);
}

/** An answer has its first two sentences, at most this many words, to say it: reciting a passage is not answering. */
const longestClaim = 40;

/** What of an answer is held against the gold. */
export function claimOf(answer: string): string {
  const opening = splitSentences(stripStyle(answer))
    .slice(0, 2)
    .map(stripReference)
    .filter(Boolean)
    .join(". ");
  return (opening || withoutLabel(answer)).split(/\s+/u).slice(0, longestClaim).join(" ");
}

/** What a text that is nothing but a reference refers to: AB-12 of `Reference: AB-12`, Fares of `(Fares)`. */
function withoutLabel(text: string): string {
  const plain = stripMarkers(text).trim().replace(closing, "");
  const bracket = /^[([]([^()[\]]+)[)\]]$/u.exec(plain)?.[1];
  if (bracket !== undefined) return bracket.trim();
  if (!referring.test(plain) || splitSentences(plain).length > 1) return "";
  return plain.replace(/^(?:references?|sources?)\s*:\s*/iu, "");
}
