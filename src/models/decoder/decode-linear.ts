import {
  add,
  concat,
  gather,
  int8Linear,
  matmul,
  reshape,
  transpose,
  type Dim,
  type Graph,
  type Tensor,
} from "../../engine/index.ts";
import { int8Weight, weight, type CompiledWeights } from "../compiled.ts";
import type { Arithmetic } from "../quantization.ts";
import { adapterGroups, blockCounts, type AdapterShape } from "./adapter-matrices.ts";
import type { DecoderConfig } from "./config.ts";
import type { LinearGroup } from "./linear-layers.ts";

/** For each linear group the greatest rank of the adapters on it; 0 or absent where none sits. */
export type AdapterRanks = ReadonlyMap<string, number>;

/**
 * Columns of `a` come in pieces of this many. onnxruntime cuts sums over the inputs according to the columns that
 * each thread gets, and gives a thread 16 at least: in pieces of 16 the bits do not hang on the neighbours.
 */
const pieceWidth = 16;

/** Widths of the pieces that `width` columns come in. */
export function adapterPieces(width: number): number[] {
  const count = Math.ceil(width / pieceWidth);
  return Array.from({ length: count }, (_, piece) => Math.min(pieceWidth, width - piece * pieceWidth));
}

/** Multiplies x [batch, length, inputs] by a linear group and adds what is given [batch, length, outputs]. */
export type GroupLinear = (x: Tensor, layer: number, group: LinearGroup, addend?: Tensor) => Tensor;

export function frozenLinear(graph: Graph, weights: CompiledWeights, arithmetic: Arithmetic): GroupLinear {
  const unbiased = (x: Tensor, name: string, addend?: Tensor): Tensor => {
    if (arithmetic === "f32") {
      const product = matmul(x, weight(graph, weights, name), { transposeB: true });
      return addend ? add(product, addend) : product;
    }
    const { values, scale } = int8Weight(graph, weights, name);
    return int8Linear(x, { values, scale }, addend);
  };
  return (x, layer, group, addend) => {
    const name = `layers.${layer}.${group}`;
    const product = unbiased(x, name, addend);
    return weights.has(`${name}.bias`) ? add(product, weight(graph, weights, `${name}.bias`)) : product;
  };
}

/** Rows that share an adapter are brought together, so that each group takes small products. */
export function withAdapters(
  graph: Graph,
  config: DecoderConfig,
  base: GroupLinear,
  ranks: AdapterRanks,
  oneAdapter: boolean,
): GroupLinear {
  const shapes = new Map(adapterGroups(config).map((shape) => [shape.name, shape]));
  const rows = oneAdapter ? undefined : rowGroups(graph, [...shapes.values()]);
  const groups = oneAdapter ? 1 : "groups";
  return (x, layer, group, addend) => {
    const rank = ranks.get(group) ?? 0;
    if (rank === 0) return base(x, layer, group, addend);
    const name = `${layer}.${group}`;
    const shape = shapes.get(name)!;
    const { inputs, outputs, blocks, modules } = shape;
    const matrix = (part: string, shape: Dim[]) => graph.input(`${name}.${part}`, "float32", shape);
    const gathered = rows ? rows.gather(x) : x;
    const pieces = adapterPieces(modules * rank).map((columns, piece) =>
      matmul(gathered, matrix(`a.${piece}`, [groups, inputs, columns])),
    );
    const reduced = concat(pieces, 2);
    const change = rows
      ? rows.bringHome(
          matmul(spread(reduced, rank, shape), matrix("b", [blocks.length, groups, rank, outputs])),
        )
      : matmul(reduced, matrix("b", [1, modules * rank, blocks.length * outputs]));
    return base(x, layer, group, addend ? add(change, addend) : change);
  };
}

/** Reduced rows [groups, size, modules * rank] as [blocks, groups, size, rank], each block with those of its module. */
function spread(reduced: Tensor, rank: number, { modules, blocks }: AdapterShape): Tensor {
  if (modules === 1) return reduced;
  const [groups, size] = reduced.shape;
  const byModule = transpose(reshape(reduced, [groups!, size!, modules, rank]), [2, 0, 1, 3]);
  if (blocks.length === modules) return byModule;
  return gather(byModule, reduced.graph.constant("int64", blocks, [blocks.length]));
}

/**
 * The way from rows [batch, length, size] to the groups that share an adapter [groups, size of a group, size], and
 * back from [blocks, groups, size of a group, outputs of a block].
 */
function rowGroups(graph: Graph, shapes: readonly AdapterShape[]) {
  const members = graph.input("members", "int64", ["groups", "size"]);
  const homes = new Map(
    blockCounts(shapes).map((blocks) => {
      const shape = blocks === 1 ? ["batch", "length"] : ["batch", "length", blocks];
      return [blocks, graph.input(`home.${blocks}`, "int64", shape)];
    }),
  );
  const flat = (x: Tensor, rows: string): Tensor => reshape(x, [rows, x.shape.at(-1)!]);
  return {
    gather: (x: Tensor) => gather(flat(x, "rows"), members),
    bringHome: (changes: Tensor) => {
      const [blocks, , , outputs] = changes.shape as [number, ...number[]];
      const home = gather(flat(changes, "places"), homes.get(blocks)!);
      return reshape(home, ["batch", "length", blocks * outputs!]);
    },
  };
}
