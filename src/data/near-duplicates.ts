import { boilerplateOf } from "./boilerplate.ts";
import { HashIndex, hashText } from "./hash-index.ts";
import { mapList, pickList, type List } from "./list.ts";
import { MinHashIndex } from "./min-hash.ts";
import { normalise, wordsOf } from "./normalise.ts";
import { jaccard, shingle } from "./shingles.ts";

/** Two texts whose shingle sets overlap; `similarity` is their Jaccard index, 1 for texts alike after normalising. */
export interface SimilarPair {
  left: number;
  right: number;
  similarity: number;
}

/**
 * All pairs of texts (`left` < `right`) that are at least `threshold` alike, by the Jaccard index over words and word
 * pairs, case and Latin accents aside. What most texts share (an instruction before every question) does not count, nor
 * do lines that both have (a passage that two questions are about): their other lines must be as alike. Texts that
 * differ in a figure or a symbol are no pair: `room 12` and `room 13`, C++ and C#.
 *
 * Candidates come from MinHash and are then measured exactly: at 0.8 a pair is missed about once in 4,000. Texts that are
 * the same once normalised have similarity 1, others less, and are paired with the first of them only, so that many copies
 * stay cheap. Texts are looked at one after another and not kept: of each, some 300 bytes are.
 */
export function findSimilarPairs(texts: List<string>, threshold = 0.8): SimilarPair[] {
  const { distinct, pairs } = findSame(texts);
  const own = pickList(texts, distinct);
  const shapes = new Shapes(own);
  const telling = new Uint32Array(own.length);
  const index = new MinHashIndex(own.length);
  for (let right = 0; right < own.length; right++) {
    const words = shapes.wordsOf(right);
    telling[right] = hashText(tellingWords(words));
    const shingles = shapes.keep(right, words);
    index.add(shingles, (left) => {
      if (telling[left] !== telling[right]) return;
      const whole = jaccard(shapes.shinglesOf(left), shingles);
      if (whole < threshold) return;
      const similarity = Math.min(whole, otherLines(own.at(left)!, own.at(right)!), mostAlike);
      if (similarity >= threshold) pairs.push({ left: distinct[left]!, right: distinct[right]!, similarity });
    });
  }
  return pairs.sort((a, b) => a.left - b.left || a.right - b.right);
}

/** Pairs of texts that are the same once normalised, each with the first of them; and the places of those first ones. */
function findSame(texts: List<string>): { distinct: number[]; pairs: SimilarPair[] } {
  const [distinct, pairs]: [number[], SimilarPair[]] = [[], []];
  const index = new HashIndex();
  for (let right = 0; right < texts.length; right++) {
    const key = normalise(texts.at(right)!);
    const hash = hashText(key);
    const entry = index.find(hash, (earlier) => normalise(texts.at(distinct[earlier]!)!) === key);
    if (entry >= 0) pairs.push({ left: distinct[entry]!, right, similarity: 1 });
    else {
      index.add(hash);
      distinct.push(right);
    }
  }
  return { distinct, pairs };
}

/** Shingles that are kept for the next comparison, of all texts together. */
const mostShingles = 4e6;

/** The words of texts without what many share, and the shingles of those; made anew where too many would be kept. */
class Shapes {
  readonly #texts: List<string>;
  readonly #strip: (words: string[]) => string[];
  readonly #kept = new Map<number, Uint32Array>();
  #count = 0;

  constructor(texts: List<string>) {
    this.#texts = texts;
    this.#strip = boilerplateOf(mapList(texts, wordsOf));
  }

  wordsOf(place: number): string[] {
    return this.#strip(wordsOf(this.#texts.at(place)!));
  }

  keep(place: number, words: string[]): Uint32Array {
    const shingles = shingle(words);
    if (this.#count > mostShingles) {
      this.#kept.clear();
      this.#count = 0;
    }
    this.#count += shingles.length;
    this.#kept.set(place, shingles);
    return shingles;
  }

  shinglesOf(place: number): Uint32Array {
    return this.#kept.get(place) ?? this.keep(place, this.wordsOf(place));
  }
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
