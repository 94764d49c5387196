import { dropBoilerplate } from "./boilerplate.ts";
import { normalise, wordsOf } from "./normalise.ts";

/** Two texts whose shingle sets overlap; `similarity` is their Jaccard index, 1 for texts alike after normalising. */
export interface SimilarPair {
  left: number;
  right: number;
  similarity: number;
}

const hashCount = 64;
const rowsPerBand = 4;

/**
 * All pairs of texts (`left` < `right`) that are at least `threshold` alike, by the Jaccard index over words and word
 * pairs, case and Latin accents aside. What most texts share (an instruction before every question) does not count, nor
 * do lines that both have (a passage that two questions are about): their other lines must be as alike. Texts that
 * differ in a figure or a symbol are no pair: `room 12` and `room 13`, C++ and C#.
 *
 * Candidates come from MinHash with banding (Broder 1997; Leskovec et al., Mining of Massive Datasets, 3.4) and are then
 * measured exactly: at 0.8 a pair is missed about once in 4,000. Texts that are the same once normalised have similarity
 * 1, others less, and are paired with the first of them only, so that many copies stay cheap.
 */
export function findSimilarPairs(texts: string[], threshold = 0.8): SimilarPair[] {
  const pairs: SimilarPair[] = [];
  const firstOf = new Map<string, number>();
  for (const [index, text] of texts.entries()) {
    const key = normalise(text);
    const first = firstOf.get(key);
    if (first === undefined) firstOf.set(key, index);
    else pairs.push({ left: first, right: index, similarity: 1 });
  }
  const distinct = [...firstOf.values()];
  const own = dropBoilerplate(distinct.map((index) => wordsOf(texts[index]!)));
  const entries = distinct.map((index, place) => {
    const words = own[place]!;
    return { index, shingles: shingle(words), telling: tellingWords(words) };
  });
  const compared = new Set<number>();
  for (const bucket of bandBuckets(entries.map((entry) => signature(entry.shingles)))) {
    for (const [place, leftEntry] of bucket.entries()) {
      for (const rightEntry of bucket.slice(place + 1)) {
        const pairKey = leftEntry * entries.length + rightEntry;
        if (compared.has(pairKey)) continue;
        compared.add(pairKey);
        const left = entries[leftEntry]!;
        const right = entries[rightEntry]!;
        if (left.telling !== right.telling) continue;
        const whole = jaccard(left.shingles, right.shingles);
        if (whole < threshold) continue;
        const similarity = Math.min(whole, otherLines(texts[left.index]!, texts[right.index]!), mostAlike);
        if (similarity >= threshold) pairs.push({ left: left.index, right: right.index, similarity });
      }
    }
  }
  return pairs.sort((a, b) => a.left - b.left || a.right - b.right);
}

/** Of texts that are not the same, however alike: `ou` and `où`. */
const mostAlike = 0.99;

/** How alike two texts are in the lines that are not in both; 1 where one of them has no other line. */
function otherLines(left: string, right: string): number {
  if (!left.includes("\n") || !right.includes("\n")) return 1;
  const [leftLines, rightLines] = [left, right].map((text) => text.split(/\n/).map(normalise));
  const rest = (lines: string[], others: string[]): string[] =>
    lines.filter((line) => !others.includes(line)).flatMap((line) => line.split(" "));
  const [ofLeft, ofRight] = [rest(leftLines!, rightLines!), rest(rightLines!, leftLines!)];
  return ofLeft.length === 0 || ofRight.length === 0 ? 1 : jaccard(shingle(ofLeft), shingle(ofRight));
}

/** Figures and symbols, emoji aside. */
function tellingWords(words: string[]): string {
  return words
    .filter((word) => /\p{N}/u.test(word) || !/[\p{L}\p{Extended_Pictographic}]/u.test(word))
    .sort()
    .join(" ");
}

/** Joins paired items: returns for each of `count` items the smallest index of its group. */
export function groupPairs(count: number, pairs: { left: number; right: number }[]): number[] {
  const parent = Array.from({ length: count }, (_, index) => index);
  const find = (item: number): number => {
    let root = item;
    while (parent[root] !== root) root = parent[root]!;
    parent[item] = root;
    return root;
  };
  for (const { left, right } of pairs) {
    const [low, high] = [find(left), find(right)].sort((a, b) => a - b) as [number, number];
    parent[high] = low;
  }
  return parent.map((_, index) => find(index));
}

function shingle(words: string[]): Set<number> {
  const plain = words.map(foldLatin);
  const shingles = new Set(plain.map(hashText));
  for (let i = 1; i < plain.length; i++) shingles.add(hashText(`${plain[i - 1]} ${plain[i]}`));
  return shingles;
}

/** Without accents, which are left out in a hurry; marks of other scripts are letters. */
const foldLatin = (word: string): string => word.normalize("NFD").replace(/(\p{Script=Latin})\p{M}+/gu, "$1");

function jaccard(left: Set<number>, right: Set<number>): number {
  let shared = 0;
  for (const item of left) if (right.has(item)) shared++;
  return shared / (left.size + right.size - shared);
}

function signature(shingles: Set<number>): Uint32Array {
  const minima = new Uint32Array(hashCount).fill(0xffffffff);
  for (const item of shingles) {
    for (let i = 0; i < hashCount; i++) {
      // A family of hashes by multiply-xorshift, each with its own odd multiplier.
      let hash = Math.imul(item ^ (i * 0x9e3779b1), 0x85ebca6b + 2 * i);
      hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
      hash = (hash ^ (hash >>> 13)) >>> 0;
      if (hash < minima[i]!) minima[i] = hash;
    }
  }
  return minima;
}

/** Indices of signatures that agree in a whole band; ascending in each bucket, buckets of one left out. */
function* bandBuckets(signatures: Uint32Array[]): Generator<number[]> {
  for (let start = 0; start < hashCount; start += rowsPerBand) {
    const buckets = new Map<string, number[]>();
    for (const [index, minima] of signatures.entries()) {
      const key = minima.subarray(start, start + rowsPerBand).join();
      const bucket = buckets.get(key);
      if (bucket) bucket.push(index);
      else buckets.set(key, [index]);
    }
    for (const bucket of buckets.values()) if (bucket.length > 1) yield bucket;
  }
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
