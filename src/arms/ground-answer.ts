import type { Citation, Hit } from "../contracts/index.ts";
import { figuresOf, fullStops, saysFigure, splitSentences, stripLeadIns } from "../text/index.ts";

/** Reads the references of an answer and checks each sentence against the passage it refers to. */
export type Cite = (answer: string, hits: Hit[], question: string) => Citation[];

/** An answer with citations that bear it out. */
export interface Grounded {
  text: string;
  citations: Citation[];
  /** Nothing of what was written was taken out. */
  isWhole: boolean;
}

/**
 * The sentences of an answer that a passage bears out, each with a citation that does; undefined where none is. A
 * sentence that cites none of its passages, or wrong ones, is given the number of the best passage that bears it out.
 * Where all of it is borne out as it stands, it is left as it is. `isCutOff` says that the model had no room to end: a
 * last sentence without its end claims nothing that can be checked, unless it already holds a figure or a name.
 */
export function groundAnswer(
  answer: string,
  hits: Hit[],
  question: string,
  cite: Cite,
  isCutOff = false,
): Grounded | undefined {
  const sentences = joinMarkers(splitSentences(answer));
  const grounded = sentences.map((sentence, index) =>
    isCutOff && index === sentences.length - 1 && !isAnswer(sentence, question)
      ? undefined
      : groundSentence(sentence, hits, question, cite),
  );
  const kept = [...new Set(grounded.flatMap((sentence) => sentence ?? []))];
  if (kept.length === 0) return undefined;
  const isWhole = kept.length === sentences.length;
  const asWritten = cite(answer, hits, question);
  if (
    isWhole &&
    asWritten.some(isSupported) &&
    grounded.every((sentence, index) => sentence === sentences[index])
  )
    return { text: answer, citations: asWritten, isWhole };
  const text = (isWhole && sentences.length === 1 ? kept : kept.map(markersLast)).join(" ");
  return { text, citations: cite(text, hits, question), isWhole };
}

const onlyReference = /^(?:\s*(?:\[[\d,\s]+\]|\([^()]*\))[.]?)+$/;

/** A reference after the full stop belongs to the sentence before it. */
export function joinMarkers(sentences: string[]): string[] {
  const joined: string[] = [];
  for (const sentence of sentences) {
    const leading = /^(?:\[[\d,\s]+\]\s*)+(?=\S)/.exec(sentence)?.[0] ?? "";
    const isReference = onlyReference.test(sentence);
    const reference = isReference ? sentence : leading.trim();
    if (joined.length > 0 && reference !== "") joined.push(`${joined.pop()!} ${reference}`);
    const rest =
      isReference && joined.length > 0 ? "" : joined.length > 0 ? sentence.slice(leading.length) : sentence;
    if (rest !== "") joined.push(rest);
  }
  return joined;
}

/** The sentence with a citation that bears it out; undefined where no passage does. */
export function groundSentence(
  sentence: string,
  hits: Hit[],
  question: string,
  cite: Cite,
): string | undefined {
  if (cite(sentence, hits, question).some(isSupported)) return sentence;
  const bare = sentence.replaceAll(/\s*\[[\d,\s]+\]/g, "").trim();
  // A reference in brackets at the end is no part of the claim: its section number stands in no passage.
  const claim = bare.replace(/\s*\([^()]*\)\.?\s*$/, "");
  for (const index of hits.keys()) {
    const marker = `[${index + 1}]`;
    if (cite(`${claim} ${marker}`, hits, question).some(isSupported)) return `${bare} ${marker}`;
  }
  return undefined;
}

const ended = new RegExp(String.raw`[.!?…！？؟${fullStops})\]"”»」』]$`, "u");
const innerName = /(?<=[\p{Ll}\p{N},;:]\s+)\p{Lu}[\p{L}\p{M}]+/gu;

/** Whether a last sentence has its end, or holds a figure or a name that the question does not. */
function isAnswer(sentence: string, question: string): boolean {
  if (ended.test(sentence.trim())) return true;
  const said = stripLeadIns(sentence);
  const known = figuresOf(question);
  if (figuresOf(said).some((figure) => !known.some((each) => saysFigure(figure, each)))) return true;
  const asked = question.toLowerCase();
  return (said.match(innerName) ?? []).some((name) => !asked.includes(name.toLowerCase()));
}

/** `2 euros [1].` is `2 euros. [1]`: of several sentences, each ends before its citations. */
export const markersLast = (sentence: string): string =>
  sentence.replace(
    /\s*((?:\[[\d,\s]+\]\s*)+)([.!?])$/,
    (_, markers: string, stop: string) => `${stop} ${markers.trim()}`,
  );

/** Small models write a marker again and again, until they are cut off in one: each once is meant. */
export function tidyMarkers(text: string): string {
  const runs = text.replaceAll(/(?:\s*\[\d{1,3}\]){2,}/g, (run) => {
    const markers = new Set(run.match(/\[\d+\]/g));
    return ` ${[...markers].join("")}`;
  });
  return runs.replace(/\s*\[\d*$/, "").trim();
}

const isSupported = ({ verdict }: Citation): boolean => verdict === "supported";
