import {
  Graph,
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
  type Tensor,
} from "../../engine/index.ts";
import { blockOf } from "../architectures.ts";
import { weight, type CompiledWeights } from "../compiled.ts";
import type { Arithmetic } from "../quantization.ts";
import type { BlockParts } from "./block.ts";
import { cacheSteps, type CacheScales } from "./cache-rounding.ts";
import type { DecoderConfig } from "./config.ts";
import { frozenLinear, withAdapters, type AdapterRanks } from "./decode-linear.ts";
import { embedTokens, finalNorm, gatedUnit, outputMatrix } from "./forward.ts";
import { rotaryTables } from "./rotary.ts";

export interface DecodeOptions {
  config: DecoderConfig;
  weights: CompiledWeights;
  arithmetic: Arithmetic;
  /** Where rows may carry adapters, their rank in each linear group. */
  adapters?: AdapterRanks | undefined;
  /** All rows carry the same adapter: it is applied without bringing rows together, and `members` and `home` fall away. */
  oneAdapter?: boolean;
  /** For a cache in int8, which is for one new token a row: its attention over several is slow. Absent: float32. */
  cacheScales?: CacheScales | undefined;
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
  const { config, weights, arithmetic, adapters, oneAdapter = false, cacheScales } = options;
  const graph = new Graph();
  const { hiddenSize, headSize, keyValueHeads, heads, intermediateSize, epsilon, attentionScale } = config;
  const ids = graph.input("ids", "int64", ["batch", "length"]);
  const last = graph.input("last", "int32", ["batch"]);
  const total = graph.input("total", "int32", []);
  const scored = graph.input("scored", "int64", ["scored"]);
  const tables = new Map(
    [...new Set(config.attention.map(({ rotary }) => rotary))].map((rotary) => [
      rotary,
      rotary && rotaryTables(graph, rotary, config.maxPositions),
    ]),
  );
  const base = frozenLinear(graph, weights, arithmetic);
  const linear = adapters ? withAdapters(graph, config, base, adapters, oneAdapter) : base;
  const named = (name: string) => weight(graph, weights, name);

  const usualScale = 1 / Math.sqrt(headSize);
  /** Queries, keys and values side by side [batch, length, ...], of which each head's queries and keys pass a norm. */
  const normHeads = (projected: Tensor, layer: number): Tensor => {
    if (!config.queryKeyNorm) return projected;
    const counts = [heads, keyValueHeads, keyValueHeads];
    const [q, k, v] = split(
      projected,
      2,
      counts.map((count) => count * headSize),
    );
    const normed = (x: Tensor, count: number, name: string): Tensor => {
      const byHead = reshape(x, ["batch", "length", count, headSize]);
      return reshape(rmsNorm(byHead, named(`layers.${layer}.${name}`), epsilon), x.shape);
    };
    return concat([normed(q!, heads, "queryNorm"), normed(k!, keyValueHeads, "keyNorm"), v!], 2);
  };

  const partsOf = (layer: number): BlockParts => ({
    norm: (x, name) => rmsNorm(x, named(`layers.${layer}.${name}`), epsilon),
    attend: (x) => {
      const cache = (name: string) => {
        const shape = ["batch", keyValueHeads, "capacity", headSize];
        return graph.input(`${name}.${layer}`, cacheScales ? "int8" : "float32", shape);
      };
      const scales = cacheScales && {
        keys: cacheSteps(graph, config, cacheScales.keys[layer]!),
        values: cacheSteps(graph, config, cacheScales.values[layer]!),
      };
      const { window, rotary } = config.attention[layer]!;
      const [attended, keys, values] = cachedAttention(
        {
          projected: normHeads(linear(x, layer, "attentionIn"), layer),
          keys: cache("keys"),
          values: cache("values"),
          scales,
          last,
          total,
          tables: tables.get(rotary),
        },
        { heads, keyValueHeads, window, scale: attentionScale === usualScale ? undefined : attentionScale },
      );
      graph.output(`new.keys.${layer}`, keys);
      graph.output(`new.values.${layer}`, values);
      return attended;
    },
    feedForward: (x) => {
      const inner = linear(x, layer, "feedForwardIn");
      const [gate, up] = split(inner, 2, [intermediateSize, intermediateSize]);
      return gatedUnit(config, gate!, up!);
    },
    project: (x, group, residual) => linear(x, layer, group, residual),
  });

  let x = embedTokens(config, named, ids);
  const block = blockOf(config);
  for (let layer = 0; layer < config.layers; layer++) x = block(partsOf(layer), x);
  const normalized = finalNorm(config, named, x);
  const hidden = gather(reshape(normalized, ["rows", hiddenSize]), scored);
  const logits =
    arithmetic === "int8"
      ? int8Linear(hidden, { values: named("output.values"), scale: named("output.scale") })
      : matmul(hidden, outputMatrix(config, named), { transposeB: true });
  graph.output("next", argMax(logits, 1));
  graph.output("logits", logits);
  return encodeOnnx(graph, "decode", { inPlace: true });
}
