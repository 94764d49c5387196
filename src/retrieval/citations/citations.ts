import type { Chunk, Citation, Hit } from "../../contracts/index.ts";
import { chunkText } from "../../documents/index.ts";
import { figuresOf, holdsFigure, stemsOf, stripLeadIns } from "../../text/index.ts";

/** A reference to a passage found in an answer: by its number among those shown, and where in the answer it stands. */
interface Reference {
  marker: number;
  start: number;
  end: number;
}

/** At least this share of a claim's content words must stand in the passage for it to be borne out. */
const supportShare = 0.5;

/** An answer that affirms or denies what was asked. */
const yesOrNo = /^\W*(?:yes|no)\b/iu;

/**
 * The passages that an answer refers to, each once, in the order of the answer, with whether they bear it out.
 * References are `[n]` (the n-th of `hits`) and the house style `(Title, section 3)`, which stands for the hit of that
 * title and section. A reference to what was not shown to the model is no citation and is left out.
 *
 * A passage supports the claim before a reference if it holds every figure of the claim (`1,940` is `1940`, `seventeen`
 * is `17`) and at least half of its content words, compared by their stems; the words of its header included. Of the words that do not
 * echo the question it must hold half as well, as an echo claims nothing. A bare `Yes` or `No` claims what was asked.
 * It is a check of words, not of sense: it finds the wrong section and the invented figure, not the missing `not`.
 */
export function checkCitations(answer: string, hits: Hit[], question: string): Citation[] {
  const references = findReferences(answer, hits);
  const citations = new Map<number, Citation>();
  let claim = "";
  let claimStart = 0;
  for (const { marker, start, end } of references) {
    const text = answer.slice(claimStart, start);
    // `[1][2]` and `… [1] (Fares, section 2)`: both stand for the claim before them.
    if (claimsMore(text) || yesOrNo.test(text)) claim = text;
    claimStart = end;
    const { chunk } = hits[marker - 1]!;
    const supported = supports(chunk, claim, question);
    // Cited for several claims, a passage must bear out all of them.
    const earlier = citations.get(marker);
    citations.set(marker, {
      marker,
      chunkId: chunk.id,
      documentId: chunk.documentId,
      title: chunk.title,
      headings: chunk.headings,
      start: chunk.start,
      end: chunk.end,
      verdict: supported && earlier?.verdict !== "unsupported" ? "supported" : "unsupported",
    });
  }
  return [...citations.values()];
}

/** Whether there is something to look for in a passage. */
const claimsMore = (text: string): boolean => stemsOf(text).size > 0 || figuresOf(text).length > 0;

function supports(chunk: Chunk, claim: string, question: string): boolean {
  const held = stemsOf(chunkText(chunk));
  const holds = (stems: string[]): boolean =>
    stems.filter((stem) => held.has(stem)).length >= stems.length * supportShare;
  const asked = stemsOf(question);
  // `The answer to this question is: ` is in no passage.
  const answer = stripLeadIns(claim.trim());
  const said = answer.replace(yesOrNo, "");
  if (!claimsMore(said)) return said !== answer && asked.size > 0 && holds([...asked]);
  // The title may be no more than the name of the file: a figure in it says nothing.
  const figures = figuresOf([...chunk.headings, chunk.text].join("\n"));
  if (!figuresOf(said).every((figure) => holdsFigure(figures, figure))) return false;
  const words = [...stemsOf(said)];
  return holds(words) && holds(words.filter((word) => !asked.has(word)));
}

function findReferences(answer: string, hits: Hit[]): Reference[] {
  const references: Reference[] = [];
  for (const match of answer.matchAll(/\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g)) {
    for (const number of match[1]!.split(",")) {
      const marker = Number(number);
      if (marker < 1 || marker > hits.length) continue;
      references.push({ marker, start: match.index, end: match.index + match[0].length });
    }
  }
  for (const match of answer.matchAll(/\(([^()]{1,200}?),\s*(?:section|sec\.|§)\s*([\w.]{1,20})\)/gi)) {
    const index = hits.findIndex((hit) => isSection(hit, match[1]!, match[2]!));
    if (index < 0) continue;
    references.push({ marker: index + 1, start: match.index, end: match.index + match[0].length });
  }
  return references.sort((a, b) => a.start - b.start || a.marker - b.marker);
}

/** Whether a passage belongs to the section: by a heading above it or inside it that begins with the number. */
function isSection({ chunk }: Hit, title: string, section: string): boolean {
  if (simplify(chunk.title) !== simplify(title)) return false;
  const number = section.replace(/\.$/, "").toLowerCase();
  const begins = (heading: string): boolean => {
    const words = heading.replace(/^[#\s*]+/, "").toLowerCase();
    return words.startsWith(number) && !/^[.]?\w/.test(words.slice(number.length));
  };
  const lines = chunk.text.split("\n").filter((line) => line.startsWith("#"));
  return chunk.headings.some(begins) || lines.some(begins);
}

function simplify(text: string): string {
  return text.toLowerCase().replace(/\s+/g, " ").trim();
}
