import { hashText } from "./hash-index.ts";

/** Hashes of the words and of each two in a row, each once, ascending. */
export function shingle(words: string[]): Uint32Array {
  const plain = words.map(foldLatin);
  const shingles = new Set(plain.map(hashText));
  for (let i = 1; i < plain.length; i++) shingles.add(hashText(`${plain[i - 1]} ${plain[i]}`));
  return Uint32Array.from(shingles).sort();
}

/** Without accents, which are left out in a hurry; marks of other scripts are letters. */
const foldLatin = (word: string): string => word.normalize("NFD").replace(/(\p{Script=Latin})\p{M}+/gu, "$1");

/** What both have, as a share of what one of them has; both ascending. */
export function jaccard(left: Uint32Array, right: Uint32Array): number {
  let [shared, l, r] = [0, 0, 0];
  while (l < left.length && r < right.length) {
    const [a, b] = [left[l]!, right[r]!];
    if (a === b) shared++;
    if (a <= b) l++;
    if (b <= a) r++;
  }
  return shared / (left.length + right.length - shared);
}
