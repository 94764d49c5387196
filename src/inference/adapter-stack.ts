import type { TypedTensor } from "../engine/index.ts";
import { adapterPieces, type AdapterMatrices, type AdapterWidths } from "../models/index.ts";

/** An adapter ready to run: its matrices by the graph's group names, none where it changes nothing. */
export interface LoadedAdapter {
  readonly name: string;
  readonly groups: ReadonlyMap<string, AdapterMatrices>;
}

export interface GroupSize {
  name: string;
  inputs: number;
  outputs: number;
}

/** Several adapters side by side as the graph takes them; `undefined` among them is the bare base model. */
export interface AdapterStack {
  readonly members: readonly (LoadedAdapter | undefined)[];
  /** `<group>.a.<piece>` [members, inputs, columns] and `<group>.b` [members, width, outputs], padded with zeros. */
  readonly tensors: Readonly<Record<string, TypedTensor>>;
}

/** Groups of the same kind in different layers are equally wide: `attentionIn` of `3.attentionIn`. */
const kindOf = (group: string): string => group.slice(group.indexOf(".") + 1);

/**
 * The greatest width of each kind of group. The width decides how onnxruntime cuts its sums, so it is that of all
 * adapters that may be mixed, not of those that happen to be in the batch.
 */
export function adapterWidths(adapters: Iterable<LoadedAdapter | undefined>): AdapterWidths {
  const widths = new Map<string, number>();
  for (const adapter of adapters) {
    for (const [name, { width }] of adapter?.groups ?? []) {
      widths.set(kindOf(name), Math.max(widths.get(kindOf(name)) ?? 0, width));
    }
  }
  return widths;
}

export function stackAdapters(
  groups: readonly GroupSize[],
  members: readonly (LoadedAdapter | undefined)[],
  widths: AdapterWidths,
): AdapterStack {
  const tensors: Record<string, TypedTensor> = {};
  for (const { name, inputs, outputs } of groups) {
    const width = widths.get(kindOf(name)) ?? 0;
    const parts = members.map((member) => member?.groups.get(name));
    let start = 0;
    adapterPieces(width).forEach((columns, piece) => {
      const data = new Float32Array(members.length * inputs * columns);
      parts.forEach((part, member) => {
        if (!part) return;
        const end = Math.min(start + columns, part.width);
        for (let row = 0; row < inputs && start < end; row++) {
          const values = part.a.subarray(row * part.width + start, row * part.width + end);
          data.set(values, (member * inputs + row) * columns);
        }
      });
      tensors[`${name}.a.${piece}`] = { dtype: "float32", shape: [members.length, inputs, columns], data };
      start += columns;
    });
    if (width === 0) continue;
    const b = new Float32Array(members.length * width * outputs);
    parts.forEach((part, member) => part && b.set(part.b, member * width * outputs));
    tensors[`${name}.b`] = { dtype: "float32", shape: [members.length, width, outputs], data: b };
  }
  return { members, tensors };
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
