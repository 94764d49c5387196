import type { Citation, Hit } from "../contracts/index.ts";

/** Reads the references of an answer and checks each against its passage. */
export type Cite = (answer: string, hits: Hit[], question: string) => Citation[];

/**
 * The answer with citations that bear it out, or undefined where no passage does. An answer that cites none of its
 * passages, or wrong ones, is given the number of the best passage that bears it out.
 */
export function groundAnswer(
  answer: string,
  hits: Hit[],
  question: string,
  cite: Cite,
): { text: string; citations: Citation[] } | undefined {
  const own = cite(answer, hits, question);
  if (own.some(isSupported)) return { text: answer, citations: own };
  const bare = answer.replaceAll(/\s*\[[\d,\s]+\]/g, "").trim();
  // A reference in brackets at the end is no part of the claim: its section number stands in no passage.
  const claim = bare.replace(/\s*\([^()]*\)\s*$/, "");
  for (const index of hits.keys()) {
    const marker = `[${index + 1}]`;
    const citations = cite(`${claim} ${marker}`, hits, question);
    if (citations.some(isSupported)) return { text: `${bare} ${marker}`, citations };
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
