import { HashIndex } from "./hash-index.ts";

const hashCount = 64;
const rowsPerBand = 4;
const bands = hashCount / rowsPerBand;

/** Comparisons of all texts that are worth the time; of one with others, that many at least. */
const mostComparisons = 2e7;
const fewestComparisons = 50;

/**
 * Sets that may be alike, by MinHash with banding (Broder 1997; Leskovec et al., Mining of Massive Datasets, 3.4), in some
 * 250 bytes a set. Of very many sets that look alike each is paired with the newest of those before it.
 */
export class MinHashIndex {
  readonly #indexes = Array.from({ length: bands }, () => new HashIndex());
  readonly #keys: Uint32Array;
  readonly #most: number;
  #size = 0;

  /** `count`: how many sets there will be. */
  constructor(count: number) {
    this.#keys = new Uint32Array(count * bands);
    this.#most = Math.max(fewestComparisons, Math.ceil(mostComparisons / count));
  }

  /** Adds the next set, and tells each earlier one that it may be like, once. */
  add(items: Iterable<number>, visit: (earlier: number) => void): void {
    const set = this.#size++;
    const keys = bandKeys(items);
    this.#keys.set(keys, set * bands);
    let left = this.#most;
    for (const [band, key] of keys.entries()) {
      const index = this.#indexes[band]!;
      for (let earlier = index.newest(key); earlier >= 0 && left > 0; earlier = index.before(earlier)) {
        if (this.#sharesBandBefore(band, earlier, keys)) continue;
        left--;
        visit(earlier);
      }
      index.add(key);
    }
  }

  #sharesBandBefore(band: number, earlier: number, keys: Uint32Array): boolean {
    for (let other = 0; other < band; other++)
      if (this.#keys[earlier * bands + other] === keys[other]) return true;
    return false;
  }
}

function bandKeys(items: Iterable<number>): Uint32Array {
  const minima = signature(items);
  const keys = new Uint32Array(bands);
  for (let band = 0; band < bands; band++) {
    let key = 0x811c9dc5;
    for (let row = 0; row < rowsPerBand; row++) {
      key = Math.imul(key ^ minima[band * rowsPerBand + row]!, 0x85ebca6b);
      key ^= key >>> 15;
    }
    keys[band] = key;
  }
  return keys;
}

function signature(items: Iterable<number>): Uint32Array {
  const minima = new Uint32Array(hashCount).fill(0xffffffff);
  for (const item of items) {
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
