import type { TypedTensor } from "../../engine/index.ts";
import {
  adapterPieces,
  type AdapterMatrices,
  type AdapterRanks,
  type AdapterShape,
} from "../../models/index.ts";

/** An adapter ready to run: its matrices by the graph's group names, none where it changes nothing. */
export interface LoadedAdapter {
  readonly name: string;
  readonly groups: ReadonlyMap<string, AdapterMatrices>;
}

/** A linear group of one layer, by the graph's name. */
export interface GroupShape extends AdapterShape {
  name: string;
}

/** Several adapters side by side as the graph takes them; `undefined` among them is the bare base model. */
export interface AdapterStack {
  readonly members: readonly (LoadedAdapter | undefined)[];
  /**
   * `<group>.a.<piece>` [members, inputs, columns], the columns those of [modules, rank], and `<group>.b` [blocks,
   * members, rank, outputs], padded with zeros.
   */
  readonly tensors: Readonly<Record<string, TypedTensor>>;
}

/** Groups of the same kind in different layers have the same rank: `attentionIn` of `3.attentionIn`. */
const kindOf = (group: string): string => group.slice(group.indexOf(".") + 1);

/**
 * The greatest rank in each kind of group. It decides how onnxruntime cuts its sums, so it is that of all adapters
 * that may be mixed, not of those that happen to be in the batch.
 */
export function adapterRanks(adapters: Iterable<LoadedAdapter | undefined>): AdapterRanks {
  const ranks = new Map<string, number>();
  for (const adapter of adapters) {
    for (const [name, { rank }] of adapter?.groups ?? []) {
      ranks.set(kindOf(name), Math.max(ranks.get(kindOf(name)) ?? 0, rank));
    }
  }
  return ranks;
}

export function stackAdapters(
  groups: readonly GroupShape[],
  members: readonly (LoadedAdapter | undefined)[],
  ranks: AdapterRanks,
): AdapterStack {
  const tensors: Record<string, TypedTensor> = {};
  for (const { name, inputs, outputs, modules, blocks } of groups) {
    const rank = ranks.get(kindOf(name)) ?? 0;
    if (rank === 0) continue;
    const width = modules * rank;
    const a = new Float32Array(members.length * inputs * width);
    const b = new Float32Array(blocks.length * members.length * rank * outputs);
    members.forEach((member, place) => {
      const part = member?.groups.get(name);
      if (!part) return;
      const first = place * inputs * modules;
      for (let i = 0; i < inputs * modules; i++) {
        for (let r = 0; r < part.rank; r++) a[(first + i) * rank + r] = part.a[i * part.rank + r]!;
      }
      const size = part.rank * outputs;
      for (let block = 0; block < blocks.length; block++) {
        const from = part.b.subarray(block * size, (block + 1) * size);
        b.set(from, (block * members.length + place) * rank * outputs);
      }
    });
    let start = 0;
    adapterPieces(width).forEach((columns, piece) => {
      const data = takeColumns(a, width, start, columns);
      tensors[`${name}.a.${piece}`] = { dtype: "float32", shape: [members.length, inputs, columns], data };
      start += columns;
    });
    tensors[`${name}.b`] = {
      dtype: "float32",
      shape: [blocks.length, members.length, rank, outputs],
      data: b,
    };
  }
  return { members, tensors };
}

/**
 * One adapter as the graph for rows that all share it takes it: `.b` [1, modules * rank, outputs of all blocks] with the
 * blocks on its diagonal.
 */
export function stackForPrompts(
  groups: readonly GroupShape[],
  adapter: LoadedAdapter,
  ranks: AdapterRanks,
): AdapterStack {
  const { members, tensors } = stackAdapters(groups, [adapter], ranks);
  const joined = { ...tensors };
  for (const { name, outputs, modules, blocks } of groups) {
    const stacked = tensors[`${name}.b`];
    if (!stacked) continue;
    const from = stacked.data as Float32Array;
    const rank = stacked.shape[2]!;
    const width = blocks.length * outputs;
    const data = new Float32Array(modules * rank * width);
    blocks.forEach((module, block) => {
      for (let r = 0; r < rank; r++) {
        const start = (block * rank + r) * outputs;
        data.set(from.subarray(start, start + outputs), (module * rank + r) * width + block * outputs);
      }
    });
    joined[`${name}.b`] = { dtype: "float32", shape: [1, modules * rank, width], data };
  }
  return { members, tensors: joined };
}

/** Columns of a matrix that is `width` wide. */
function takeColumns(matrix: Float32Array, width: number, start: number, columns: number): Float32Array {
  if (columns === width) return matrix;
  const taken = new Float32Array((matrix.length / width) * columns);
  for (let row = 0; row * width < matrix.length; row++) {
    const from = row * width + start;
    taken.set(matrix.subarray(from, from + columns), row * columns);
  }
  return taken;
}

/**
 * Where each row of a batch goes in a stack, given the place of its adapter: `members` [groups, size] names the rows
 * of each group (padded with row 0), `home` the place of each row among them. Groups have two places or more,
 * because a lone row would be multiplied by another kernel, with other bits, than one in company.
 */
export function groupRows(
  places: readonly number[],
  groups: number,
): { size: number; members: BigInt64Array; home: BigInt64Array } {
  const counts = new Array<number>(groups).fill(0);
  for (const place of places) counts[place]!++;
  const size = Math.max(2, ...counts);
  const members = new BigInt64Array(groups * size);
  const home = new BigInt64Array(places.length);
  const filled = new Array<number>(groups).fill(0);
  places.forEach((place, row) => {
    const at = place * size + filled[place]!++;
    members[at] = BigInt(row);
    home[row] = BigInt(at);
  });
  return { size, members, home };
}

/** For rows of the groups' products in several blocks [blocks, groups, size of a group]: all places of each row. */
export function blockHomes(home: BigInt64Array, places: number, blocks: number): BigInt64Array {
  return BigInt64Array.from({ length: home.length * blocks }, (_, i) => {
    const block = i % blocks;
    return home[(i - block) / blocks]! + BigInt(block * places);
  });
}
