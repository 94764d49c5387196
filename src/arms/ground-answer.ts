import type { Citation, Hit } from "../contracts/index.ts";
import { splitSentences } from "../text/index.ts";

/** Reads the references of an answer and checks each against its passage. */
export type Cite = (answer: string, hits: Hit[], question: string) => Citation[];

/** An answer with citations that bear it out. */
export interface Grounded {
  text: string;
  citations: Citation[];
  /** Nothing of what was written was taken out. */
  isWhole: boolean;
}

/**
 * The answer with citations that bear it out: all of it, or where no passage does, the sentences that one does, as small
 * models answer and then go on inventing. Undefined where there are none. What cites none of its passages, or wrong
 * ones, is given the number of the best passage that bears it out.
 */
export function groundAnswer(
  answer: string,
  hits: Hit[],
  question: string,
  cite: Cite,
): Grounded | undefined {
  const ground = (claim: string): Grounded | undefined => groundClaim(claim, hits, question, cite);
  const whole = ground(answer);
  if (whole) return whole;
  const sentences = new Set(splitSentences(answer).flatMap((sentence) => ground(sentence)?.text ?? []));
  const text = [...sentences].join(" ");
  return text === "" ? undefined : { text, citations: cite(text, hits, question), isWhole: false };
}

function groundClaim(answer: string, hits: Hit[], question: string, cite: Cite): Grounded | undefined {
  const own = cite(answer, hits, question);
  if (own.some(isSupported)) return { text: answer, citations: own, isWhole: true };
  const bare = answer.replaceAll(/\s*\[[\d,\s]+\]/g, "").trim();
  // A reference in brackets at the end is no part of the claim: its section number stands in no passage.
  const claim = bare.replace(/\s*\([^()]*\)\s*$/, "");
  for (const index of hits.keys()) {
    const marker = `[${index + 1}]`;
    const citations = cite(`${claim} ${marker}`, hits, question);
    if (citations.some(isSupported)) return { text: `${bare} ${marker}`, citations, isWhole: true };
  }
  return undefined;
}

/** Small models write a marker again and again, until they are cut off in one: each once is meant. */
export function tidyMarkers(text: string): string {
  const runs = text.replaceAll(/(?:\s*\[\d{1,3}\]){2,}/g, (run) => {
    const markers = new Set(run.match(/\[\d+\]/g));
    return ` ${[...markers].join("")}`;
  });
  return runs.replace(/\s*\[\d*$/, "").trim();
}

const isSupported = ({ verdict }: Citation): boolean => verdict === "supported";
