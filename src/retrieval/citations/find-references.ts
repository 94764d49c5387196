import type { Hit } from "../../contracts/index.ts";

/** A reference to a passage found in an answer: by its number among those shown, and where in the answer it stands. */
export interface Reference {
  marker: number;
  start: number;
  end: number;
}

const numbered = /\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g;
/** `Title, section 3` and `Title, § 3` inside of brackets. A title may hold brackets itself. */
const house = /^(.{1,200}?),\s*(?:(?:section|sec\.|abschnitt|sección|раздел)\s*|§+\s*)([\w.]{1,20})$/iu;

/**
 * References `[n]` (the n-th of `hits`) and, in the house style, `(Title, section 3)`, which stands for the hit of that
 * title and section; in the order of the answer. What refers to nothing that was shown is none.
 */
export function findReferences(answer: string, hits: Hit[]): Reference[] {
  const references: Reference[] = [];
  for (const match of answer.matchAll(numbered)) {
    for (const number of match[1]!.split(",")) {
      const marker = Number(number);
      if (marker < 1 || marker > hits.length) continue;
      references.push({ marker, start: match.index, end: match.index + match[0].length });
    }
  }
  for (const { start, end } of bracketed(answer)) {
    const [, title, section] = house.exec(answer.slice(start + 1, end - 1).trim()) ?? [];
    if (title === undefined) continue;
    const index = hits.findIndex((hit) => isSection(hit, title, section!));
    if (index >= 0) references.push({ marker: index + 1, start, end });
  }
  return references.sort((a, b) => a.start - b.start || a.marker - b.marker);
}

/** Outermost round brackets. */
export function bracketed(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const open: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") open.push(at);
    else if (text[at] === ")" && open.length > 0) {
      const start = open.pop()!;
      if (open.length === 0) found.push({ start, end: at + 1 });
    }
  }
  return found;
}

/** Whether a passage belongs to the section: by a heading above it or inside it that begins with the number. */
function isSection({ chunk }: Hit, title: string, section: string): boolean {
  if (simplify(chunk.title) !== simplify(title)) return false;
  const number = section.replace(/\.$/, "").toLowerCase();
  const begins = (heading: string): boolean => {
    const words = heading
      .replace(/^[#\s*]+/, "")
      .toLowerCase()
      .replace(/^(?:section|sec\.|abschnitt|chapter|§+)\s*/u, "");
    return words.startsWith(number) && !/^[.]?\w/.test(words.slice(number.length));
  };
  // A passage may join sections, whose headings are lines of it: `## 4. Dogs`, and where nothing marks them `4. Dogs`.
  const lines = chunk.text.split("\n");
  const marked = lines.filter((line) => line.startsWith("#"));
  const plain = lines.filter((line) => /^[\d.]{1,8}[.)]? {1,2}\p{Lu}[^.;:]{0,60}$/u.test(line));
  return [...chunk.headings, ...marked, ...plain].some(begins);
}

function simplify(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}
