import type { Hit } from "../contracts/index.ts";

/** A copy has at least this share of the longer one's words: a line was added above or below. */
const sameShare = 0.9;

/**
 * Hits, best first, without those that repeat a better one: the same words in the same order, under the same headings,
 * whatever the case, punctuation and spacing. One may have a little more at an end (`Copy of 3 May`). A passage that
 * differs within, be it by a figure, says something else.
 */
export function dropCopies(hits: Hit[]): Hit[] {
  const kept: { hit: Hit; words: string }[] = [];
  for (const hit of hits) {
    const words = wordsOf(hit);
    if (!kept.some((other) => isCopy(words, other.words))) kept.push({ hit, words });
  }
  return kept.map(({ hit }) => hit);
}

/** Each with a space before and after it, so that only whole words are found. */
function wordsOf({ chunk }: Hit): string {
  const text = [...chunk.headings, chunk.text].join("\n").normalize("NFKC").toLowerCase();
  return ` ${(text.match(/[\p{L}\p{M}\p{N}]+(?:[.,:/-][\p{L}\p{M}\p{N}]+)*|[+%€$£<>=−-]/gu) ?? []).join(" ")} `;
}

function isCopy(one: string, other: string): boolean {
  const [shorter, longer] = one.length <= other.length ? [one, other] : [other, one];
  return shorter.length >= longer.length * sameShare && longer.includes(shorter);
}
