import type { KeyValueCache } from "./key-value-cache.ts";
import type { Sequence } from "./sequence.ts";

/** The sequences that decode, in the order of their rows of the cache. */
export interface Batch {
  readonly sequences: readonly Sequence[];
  /** Makes room for one more sequence of `capacity` tokens; false where there is none until another has ended. */
  makeRoom(capacity: number): boolean;
  /** Adds one whose prompt the row after the last one holds. */
  add(sequence: Sequence): void;
  /** Rows of the sequences that stay are moved together. */
  keepOnly(stays: (sequence: Sequence) => boolean): void;
}

export interface BatchLimits {
  /** Most sequences in a batch. */
  maxRows: number;
  /** Most tokens of all rows together, used or reserved, that the cache may hold. */
  maxTokens: number;
}

/** An idle cache that is so many times wider than the next request needs is made anew. */
const muchWider = 4;

export function createBatch(cache: KeyValueCache, { maxRows, maxTokens }: BatchLimits): Batch {
  let sequences: Sequence[] = [];
  return {
    get sequences() {
      return sequences;
    },
    makeRoom(wanted) {
      if (sequences.length >= maxRows) return false;
      // A long request is over at some time: rows as wide as it needed would leave room for few others.
      const tooWide = sequences.length === 0 && cache.capacity >= muchWider * wanted;
      const capacity = tooWide ? wanted : Math.max(cache.capacity, wanted);
      const rows = sequences.length + 1;
      if (sequences.length > 0 && rows * capacity > maxTokens) return false;
      if (rows > cache.rows || capacity !== cache.capacity) {
        // Rows are doubled, so that a growing batch does not replace the cache at each request.
        const spare = rows > cache.rows ? cache.rows * 2 : cache.rows;
        const most = Math.min(spare, maxRows, Math.floor(maxTokens / capacity));
        const used = sequences.map(({ past }) => past);
        cache.resize(Math.max(rows, most), capacity, used);
      }
      return true;
    },
    add: (sequence) => void sequences.push(sequence),
    keepOnly(stays) {
      const kept = sequences.filter(stays);
      kept.forEach((sequence, to) => cache.move(sequences.indexOf(sequence), to, sequence.past));
      sequences = kept;
    },
  };
}
