export type CountTokens = (text: string) => number;

/** About a token for four letters; for three of Thai, Lao, Burmese and Khmer; one for each of scripts like Chinese. */
export function estimateTokens(text: string): number {
  return Math.ceil(weigh(text, { withoutBlanks: 1 / 3, east: 1, other: 1 / 4, blank: 1 / 4 }));
}

/**
 * Tokens of a text, and at least as many as it has letters for. A vocabulary of words makes one unknown token of a run of
 * letters that it can't divide, however long: of a page in Thai, which has no blanks, or of a digest. Such a run would
 * have room without end in a passage.
 */
export function countAtLeast(countTokens: CountTokens): CountTokens {
  return (text) =>
    Math.max(
      countTokens(text),
      Math.ceil(weigh(text, { withoutBlanks: 1 / 3, east: 1 / 3, other: 1 / 12, blank: 0 })),
    );
}

/** Tokens per UTF-16 code unit. */
interface Weights {
  /** Letters of alphabets that are written without blanks between words. */
  withoutBlanks: number;
  /** From the Chinese radicals on. */
  east: number;
  other: number;
  blank: number;
}

function weigh(text: string, { withoutBlanks, east, other, blank }: Weights): number {
  let sum = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code <= 0x20 || code === 0xa0) sum += blank;
    else if (code >= 0x2e80) sum += east;
    else sum += isWithoutBlanks(code) ? withoutBlanks : other;
  }
  return sum;
}

/** Thai and Lao; Burmese; Khmer. */
const isWithoutBlanks = (code: number): boolean =>
  (code >= 0x0e00 && code <= 0x0eff) ||
  (code >= 0x1000 && code <= 0x109f) ||
  (code >= 0x1780 && code <= 0x17ff);
