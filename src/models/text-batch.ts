import type { TypedTensor } from "../engine/index.ts";
import type { Backbone } from "./backbone.ts";
import type { TextShape } from "./head-graph.ts";

/** What of a text's last layer makes its vector. */
export type TextPooling = "mean" | "cls" | "last";

/** Puts texts into rows, each into the first that has room. Returns the row of each; undefined where they do not fit. */
export function fitTexts(
  lengths: readonly number[],
  { batch, length, texts }: TextShape,
): { row: number; start: number }[] | undefined {
  if (lengths.length > texts) return undefined;
  const filled = new Array<number>(batch).fill(0);
  const places: { row: number; start: number }[] = [];
  for (const size of lengths) {
    const row = filled.findIndex((taken) => taken + size <= length);
    if (row < 0) return undefined;
    places.push({ row, start: filled[row]! });
    filled[row]! += size;
  }
  return places;
}

/** Token ids of texts as the graphs of a backbone take them, with `pool`: inputs as of `buildHeadGraph`. */
export function packTexts(
  texts: readonly Int32Array[],
  shape: TextShape,
  pooling: TextPooling,
  inputs: Backbone["inputs"],
): Record<string, TypedTensor> {
  const cells = shape.batch * shape.length;
  const places = fitTexts(
    texts.map(({ length }) => length),
    shape,
  )!;
  const at = (cell: number) => cell % shape.length;
  const columns = {
    ids: new BigInt64Array(cells),
    positions: new BigInt64Array(cells),
    // Where nothing is packed, a place sees itself.
    starts: BigInt64Array.from({ length: cells }, (_, cell) => BigInt(at(cell))),
    ends: BigInt64Array.from({ length: cells }, (_, cell) => BigInt(at(cell) + 1)),
  };
  const pool = new Float32Array(shape.texts * cells);
  for (const [text, ids] of texts.entries()) {
    const { row, start } = places[text]!;
    for (const [position, id] of ids.entries()) {
      const cell = row * shape.length + start + position;
      columns.ids[cell] = BigInt(id);
      columns.positions[cell] = BigInt(position);
      columns.starts[cell] = BigInt(start);
      columns.ends[cell] = BigInt(start + ids.length);
      pool[text * cells + cell] = shareOf(pooling, position, ids.length);
    }
  }
  const rows = [shape.batch, shape.length];
  return {
    ...Object.fromEntries(
      inputs.map((name) => [name, { dtype: "int64" as const, shape: rows, data: columns[name] }]),
    ),
    pool: { dtype: "float32", shape: [shape.texts, cells], data: pool },
  };
}

function shareOf(pooling: TextPooling, position: number, length: number): number {
  if (pooling === "mean") return 1 / length;
  return position === (pooling === "cls" ? 0 : length - 1) ? 1 : 0;
}
