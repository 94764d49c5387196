/** One text as (feature, weight) pairs. */
export interface SparseVector {
  features: Uint32Array;
  weights: Float64Array;
}

export interface Vectoriser {
  size: number;
  transform(text: string): SparseVector;
}

/**
 * TF-IDF as scikit-learn's TfidfVectorizer has it by default: lower-case words of two letters or more, smoothed
 * idf = ln((1 + n) / (1 + df)) + 1, rows of unit length. Words unseen in `texts` are dropped.
 */
export function fitTfidf(texts: readonly string[]): Vectoriser {
  const frequency = new Map<string, number>();
  for (const text of texts)
    for (const word of new Set(words(text))) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const vocabulary = new Map([...frequency.keys()].sort().map((word, index) => [word, index]));
  const idf = new Float64Array(vocabulary.size);
  for (const [word, index] of vocabulary)
    idf[index] = Math.log((1 + texts.length) / (1 + frequency.get(word)!)) + 1;
  return { size: vocabulary.size, transform: (text) => weigh(text, vocabulary, idf) };
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}_]{2,}/gu) ?? [];
}

function weigh(text: string, vocabulary: Map<string, number>, idf: Float64Array): SparseVector {
  const row = new Map<number, number>();
  for (const word of words(text)) {
    const feature = vocabulary.get(word);
    if (feature !== undefined) row.set(feature, (row.get(feature) ?? 0) + idf[feature]!);
  }
  const norm = Math.hypot(...row.values()) || 1;
  return {
    features: Uint32Array.from(row.keys()),
    weights: Float64Array.from(row.values(), (weight) => weight / norm),
  };
}
