/** What is known of words, of a model and of a corpus; what is not known counts for nothing. */
export interface WordCounters {
  /** Tokens of the model that a text takes. */
  pieces?: (text: string) => number;
  /** How often a corpus that the model may have learnt from has it. */
  occurrences?: (text: string) => number;
}

/** A word in so many pieces was seldom seen when the tokenizer was made. */
const manyPieces = 3;

/**
 * Whether a model is likely not to know a term: its words take `manyPieces` tokens each, or the corpus has it nowhere.
 * Without counters every term is rare, so that none is left out by guess.
 */
export function isRare(term: string, { pieces, occurrences }: WordCounters): boolean {
  if (!pieces && !occurrences) return true;
  const words = term.split(/\s+/u).filter((word) => word !== "");
  const isBroken = pieces !== undefined && words.some((word) => pieces(word) >= manyPieces);
  return isBroken || occurrences?.(term) === 0;
}
