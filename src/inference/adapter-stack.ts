import type { TypedTensor } from "../engine/index.ts";
import type { AdapterMatrices } from "../models/index.ts";

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
  /** `<group>.a` [members, inputs, width] and `<group>.b` [members, width, outputs], narrower ones padded with zeros. */
  readonly tensors: Readonly<Record<string, TypedTensor>>;
}

/** Groups of the same kind in different layers are equally wide: `attentionIn` of `3.attentionIn`. */
const kindOf = (group: string): string => group.slice(group.indexOf(".") + 1);

/** The greatest width of each kind of group among the adapters. */
export function adapterWidths(adapters: Iterable<LoadedAdapter | undefined>): Map<string, number> {
  const widths = new Map<string, number>();
  for (const adapter of adapters) {
    for (const [name, { width }] of adapter?.groups ?? []) {
      widths.set(kindOf(name), Math.max(widths.get(kindOf(name)) ?? 1, width));
    }
  }
  return widths;
}

/**
 * `widths` are those of all adapters that may ever be mixed: the width decides how onnxruntime cuts its sums, so it
 * must not depend on who happens to be in the batch.
 */
export function stackAdapters(
  groups: readonly GroupSize[],
  members: readonly (LoadedAdapter | undefined)[],
  widths: ReadonlyMap<string, number> = adapterWidths(members),
): AdapterStack {
  const tensors: Record<string, TypedTensor> = {};
  for (const { name, inputs, outputs } of groups) {
    const width = widths.get(kindOf(name)) ?? 1;
    const parts = members.map((member) => member?.groups.get(name));
    const [only] = parts;
    const whole = members.length === 1 && only?.width === width;
    const a = whole ? only.a : new Float32Array(members.length * inputs * width);
    const b = whole ? only.b : new Float32Array(members.length * width * outputs);
    if (!whole) {
      parts.forEach((part, member) => {
        if (!part) return;
        b.set(part.b, member * width * outputs);
        for (let row = 0; row < inputs; row++) {
          const values = part.a.subarray(row * part.width, (row + 1) * part.width);
          a.set(values, (member * inputs + row) * width);
        }
      });
    }
    tensors[`${name}.a`] = { dtype: "float32", shape: [members.length, inputs, width], data: a };
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
