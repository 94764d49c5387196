import {
  Graph,
  add,
  argMax,
  cachedAttention,
  concat,
  encodeOnnx,
  gather,
  int8Linear,
  matmul,
  reshape,
  rmsNorm,
  split,
  swiglu,
  transpose,
  type Dim,
  type Tensor,
} from "../../engine/index.ts";
import type { WeightSource } from "../../formats/index.ts";
import { compileWeights, type CompiledTensor, type CompiledWeights } from "../compiled.ts";
import { quantizeColumns, transposeMatrix } from "../quantization.ts";
import { adapterGroups, blockCounts, type AdapterShape } from "./adapter-matrices.ts";
import { cacheSteps, type CacheScales } from "./cache-rounding.ts";
import type { LlamaConfig } from "./config.ts";
import { llamaOutput, rotaryTables } from "./forward.ts";
import { int8Weight, weight, type LinearGroup, type Precision } from "./weights.ts";

export interface DecodeOptions {
  config: LlamaConfig;
  weights: CompiledWeights;
  precision: Precision;
  /** Where rows may carry adapters, their rank in each linear group. */
  adapters?: AdapterRanks | undefined;
  /** All rows carry the same adapter: it is applied without bringing rows together, and `members` and `home` fall away. */
  oneAdapter?: boolean;
  /** For a cache in int8, which is for one new token a row: its attention over several is slow. Absent: float32. */
  cacheScales?: CacheScales | undefined;
}

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

/**
 * The graph of one step of generation, for `openInPlaceSession`: new tokens of every row go in, keys and values are
 * appended to the cache. It serves decoding (length 1, any batch) and, with a cache in float32, prefill (batch 1, length 2
 * or more) alike.
 *
 * Inputs: `ids` int64 [batch, length]; `last` int32 [batch], index of each row's last new token in its sequence;
 * `total` int32 scalar, tokens in the longest sequence; `scored` int64 [scored], places in the flattened batch whose
 * next token is wanted; `keys.<layer>`, `values.<layer>` [batch, keyValueHeads, capacity, headSize].
 * With adapters: `members` int64 [groups, size], places in the flattened batch of the rows of each group, which share
 * an adapter; `home.<blocks>` int64 [batch, length, blocks], for each row and each block of a linear group (see
 * AdapterShape) its place in [blocks, groups, size] flattened, without the last axis for one block; and per layer and
 * linear group `<layer>.<group>.a.<piece>` [groups, inputs, columns of the piece] and `.b` [blocks, groups, rank,
 * outputs of a block]. With `oneAdapter` there is one group of all rows, and `.b` [1, modules * rank, outputs] has the
 * blocks on its diagonal: to multiply a prompt's many rows by its zeros takes less time than to move their products.
 *
 * Outputs: `next` int64 [scored], the likeliest tokens; `logits` [scored, vocabulary]; `new.keys.<layer>` and
 * `new.values.<layer>`, the cache with the new tokens: to be given the same arrays.
 *
 * A row's results are the same bits whatever the other rows, the capacity, or the way its prompt is cut into pieces,
 * as long as no piece has length 1: onnxruntime multiplies a lone row by another kernel than rows in company.
 */
export function buildDecodeGraph(options: DecodeOptions): Uint8Array {
  const { config, weights, precision, adapters, oneAdapter = false, cacheScales } = options;
  const graph = new Graph();
  const { hiddenSize, headSize, keyValueHeads, heads, intermediateSize, epsilon } = config;
  const ids = graph.input("ids", "int64", ["batch", "length"]);
  const last = graph.input("last", "int32", ["batch"]);
  const total = graph.input("total", "int32", []);
  const scored = graph.input("scored", "int64", ["scored"]);
  const { cosines, sines } = rotaryTables(graph, config, config.maxPositions);
  const base = frozen(graph, weights, precision);
  const linear = adapters ? withAdapters(graph, config, base, adapters, oneAdapter) : base;
  const norm = (name: string) => weight(graph, weights, name);

  let x = gather(norm("embedding"), ids);
  let normalized = rmsNorm(x, norm("layers.0.attentionNorm"), epsilon);
  for (let layer = 0; layer < config.layers; layer++) {
    const cache = (name: string) =>
      graph.input(`${name}.${layer}`, cacheScales ? "int8" : "float32", [
        "batch",
        keyValueHeads,
        "capacity",
        headSize,
      ]);
    const scales = cacheScales && {
      keys: cacheSteps(graph, config, cacheScales.keys[layer]!),
      values: cacheSteps(graph, config, cacheScales.values[layer]!),
    };
    const projected = linear(normalized, layer, "attentionIn");
    const [mixed, keys, values] = cachedAttention(
      { projected, keys: cache("keys"), values: cache("values"), scales, last, total, cosines, sines },
      { heads, keyValueHeads },
    );
    graph.output(`new.keys.${layer}`, keys);
    graph.output(`new.values.${layer}`, values);
    x = linear(mixed, layer, "attentionOut", x);

    const fed = rmsNorm(x, norm(`layers.${layer}.feedForwardNorm`), epsilon);
    const inner = linear(fed, layer, "feedForwardIn");
    const [gate, up] = split(inner, 2, [intermediateSize, intermediateSize]);
    x = linear(swiglu(gate!, up!), layer, "feedForwardOut", x);
    const next = layer + 1 < config.layers ? `layers.${layer + 1}.attentionNorm` : "norm";
    normalized = rmsNorm(x, norm(next), epsilon);
  }
  const hidden = gather(reshape(normalized, ["rows", hiddenSize]), scored);
  const logits =
    precision === "int8"
      ? int8Linear(hidden, { values: norm("output.values"), scale: norm("output.scale") })
      : matmul(hidden, llamaOutput(graph, config, weights), { transposeB: true });
  graph.output("next", argMax(logits, 1));
  graph.output("logits", logits);
  return encodeOnnx(graph, "llama-decode", { inPlace: true });
}

/** Adds to compiled weights what only decoding needs: the output layer in int8, `output.values` and `output.scale`. */
export async function compileDecoder(
  folder: string,
  config: LlamaConfig,
  source: WeightSource,
  weights: CompiledWeights,
  precision: Precision,
): Promise<CompiledWeights> {
  if (precision === "f32") return weights;
  const output = await compileWeights(folder, "output-int8", () => outputTensors(config, source));
  return new Map([...weights, ...output]);
}

function* outputTensors(config: LlamaConfig, source: WeightSource): Iterable<CompiledTensor> {
  const { hiddenSize, vocabularySize, tiedEmbedding } = config;
  const matrix = source.read(tiedEmbedding ? "model.embed_tokens.weight" : "lm_head.weight");
  const transposed = transposeMatrix(matrix, vocabularySize, hiddenSize);
  const { values, scale } = quantizeColumns(transposed, hiddenSize, vocabularySize);
  yield { name: "output.values", dtype: "int8", shape: [hiddenSize, vocabularySize], values };
  yield { name: "output.scale", dtype: "float32", shape: [vocabularySize], values: scale };
}

/** Multiplies x [batch, length, inputs] by a linear group and adds what is given [batch, length, outputs]. */
type LinearAdd = (x: Tensor, layer: number, group: LinearGroup, addend?: Tensor) => Tensor;

function frozen(graph: Graph, weights: CompiledWeights, precision: Precision): LinearAdd {
  return (x, layer, group, addend) => {
    const name = `layers.${layer}.${group}`;
    if (precision === "f32") {
      const product = matmul(x, weight(graph, weights, name), { transposeB: true });
      return addend ? add(product, addend) : product;
    }
    const { values, scale } = int8Weight(graph, weights, name);
    return int8Linear(x, { values, scale }, addend);
  };
}

/** Rows that share an adapter are brought together, so that each group takes small products. */
function withAdapters(
  graph: Graph,
  config: LlamaConfig,
  base: LinearAdd,
  ranks: AdapterRanks,
  oneAdapter: boolean,
): LinearAdd {
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
