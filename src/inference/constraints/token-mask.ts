/** Which tokens may come next in one answer, told anew after each. Every sequence has its own. */
export interface TokenMask {
  /** Asked of the likeliest tokens first, so seldom of all. An end id that is allowed may end the answer. */
  allows(token: number): boolean;
  /** Hears of the token that was chosen. */
  accept(token: number): void;
  /** Where nothing is allowed the answer ends: it is checked afterwards anyway. Otherwise it fails. */
  endsWhereStuck?: boolean;
}

/** The model's tokens, as a mask reads them. */
export interface Vocabulary {
  size: number;
  /** Ids that end an answer. */
  endIds: ReadonlySet<number>;
  /** What a token adds to a text; "" for a special one. Half a character is U+FFFD. */
  textOf(token: number): string;
  encode(text: string): number[];
}

/** The index of the largest score that is allowed, -1 where none is. `scores` is not changed. */
export function likeliestAllowed(scores: Float32Array, mask: TokenMask): number {
  const left = scores.slice();
  for (let tries = 0; tries < left.length; tries++) {
    let best = -1;
    for (let i = 0; i < left.length; i++) {
      if (left[i]! > -Infinity && (best < 0 || left[i]! > left[best]!)) best = i;
    }
    if (best < 0 || mask.allows(best)) return best;
    left[best] = -Infinity;
    // Where the likeliest are all refused, one look at each token is less work than a search for each.
    if (tries === 16) forbid(left, mask);
  }
  return -1;
}

/** A copy of the scores in which what is not allowed has none. */
export function allowedOnly(scores: Float32Array, mask: TokenMask): Float32Array {
  const left = scores.slice();
  forbid(left, mask);
  return left;
}

function forbid(scores: Float32Array, mask: TokenMask): void {
  for (let i = 0; i < scores.length; i++) {
    if (scores[i]! > -Infinity && !mask.allows(i)) scores[i] = -Infinity;
  }
}
