import type { TypedTensor } from "../../engine/index.ts";

export interface CacheShape {
  layers: number;
  keyValueHeads: number;
  headSize: number;
}

/**
 * Keys and values of sequences. Sequences occupy rows; rows in use are the first ones, so that a batch is one stretch
 * of memory. Two arrays a layer, [rows, keyValueHeads, capacity, headSize], that the graph updates in place.
 */
export interface KeyValueCache {
  readonly dtype: "int8" | "float32";
  readonly rows: number;
  /** Tokens that a row can hold. */
  readonly capacity: number;
  /** Changes whenever the arrays are replaced: tensors made from them are stale then. */
  readonly generation: number;
  /** Makes it this large or small, keeping the first `used[row]` tokens of each row. */
  resize(rows: number, capacity: number, used: readonly number[]): void;
  /** `keys.<layer>` and `values.<layer>` of rows `from` up to `to`. */
  tensors(from: number, to: number): Record<string, TypedTensor>;
  /** Copies the first `length` tokens of a row to another. */
  move(from: number, to: number, length: number): void;
  /** A copy of the first `length` tokens of a row, for `restore`. */
  save(row: number, length: number): CacheArray[];
  /** Copies the first `length` tokens of arrays [keyValueHeads, tokens, headSize], in the order of `tensors`, to a row. */
  restore(row: number, length: number, saved: readonly CacheArray[]): void;
}

export type CacheArray = Float32Array<ArrayBuffer> | Int8Array<ArrayBuffer>;

/** Bytes that one token takes in all layers. */
export function bytesPerToken(
  { layers, keyValueHeads, headSize }: CacheShape,
  dtype: KeyValueCache["dtype"],
): number {
  return layers * 2 * keyValueHeads * headSize * (dtype === "int8" ? 1 : 4);
}

export function createKeyValueCache(
  { layers, keyValueHeads, headSize }: CacheShape,
  dtype: KeyValueCache["dtype"],
): KeyValueCache {
  const names = ["keys", "values"].flatMap((kind) =>
    Array.from({ length: layers }, (_, layer) => `${kind}.${layer}`),
  );
  const make = (size: number): CacheArray =>
    dtype === "int8" ? new Int8Array(size) : new Float32Array(size);
  let arrays = names.map(() => make(0));
  let [rows, capacity, generation] = [0, 0, 0];
  const start = (row: number, head: number): number => (row * keyValueHeads + head) * capacity * headSize;
  const heads = Array.from({ length: keyValueHeads }, (_, head) => head);

  return {
    dtype,
    get rows() {
      return rows;
    },
    get capacity() {
      return capacity;
    },
    get generation() {
      return generation;
    },
    resize(newRows, newCapacity, used) {
      if (newRows === rows && newCapacity === capacity) return;
      arrays = arrays.map((old) => {
        const made = make(newRows * keyValueHeads * newCapacity * headSize);
        used.forEach((length, row) => {
          for (const head of heads) {
            const at = (row * keyValueHeads + head) * newCapacity * headSize;
            made.set(old.subarray(start(row, head), start(row, head) + length * headSize), at);
          }
        });
        return made;
      });
      [rows, capacity] = [newRows, newCapacity];
      generation++;
    },
    tensors: (from, to) =>
      Object.fromEntries(
        names.map((name, i) => [
          name,
          {
            dtype,
            shape: [to - from, keyValueHeads, capacity, headSize],
            data: arrays[i]!.subarray(start(from, 0), start(to, 0)),
          },
        ]),
      ),
    move(from, to, length) {
      if (from === to) return;
      for (const array of arrays) {
        for (const head of heads) {
          array.copyWithin(start(to, head), start(from, head), start(from, head) + length * headSize);
        }
      }
    },
    save: (row, length) =>
      arrays.map((array) => {
        const copy = make(keyValueHeads * length * headSize);
        for (const head of heads) {
          const at = start(row, head);
          copy.set(array.subarray(at, at + length * headSize), head * length * headSize);
        }
        return copy;
      }),
    restore(row, length, saved) {
      saved.forEach((copy, i) => {
        const stored = copy.length / keyValueHeads;
        for (const head of heads) {
          const from = head * stored;
          arrays[i]!.set(copy.subarray(from, from + length * headSize), start(row, head));
        }
      });
    },
  };
}
