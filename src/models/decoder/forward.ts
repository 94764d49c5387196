import {
  add,
  causalAttention,
  gather,
  geluTanh,
  mergeHeads,
  multiply,
  packedCausalMasks,
  reshape,
  rmsNorm,
  rotary,
  split,
  splitHeads,
  swiglu,
  type Tensor,
} from "../../engine/index.ts";
import { blockOf } from "../architectures.ts";
import type { Linear, WeightOf } from "../tuning/tuning.ts";
import type { BlockParts } from "./block.ts";
import type { DecoderConfig } from "./config.ts";
import type { LinearGroup } from "./linear-layers.ts";
import { rotaryTables, type Rotary } from "./rotary.ts";

export interface DecoderInputs {
  /** Token ids [batch, length], int64. */
  ids: Tensor;
  /** Position of each token in its own sequence [batch, length], int64. */
  positions: Tensor;
  /** The place in its row after the last token that sees this one [batch, length], int64; see packedCausalMasks. */
  ends: Tensor;
}

/**
 * The residual stream [batch * length, hidden] after the last block, before the final norm, for graphs that read whole
 * sequences at once. Sequences packed into one row of the batch do not see one another. Sizes are fixed.
 */
export function forwardBlocks(
  config: DecoderConfig,
  weight: WeightOf,
  linear: Linear,
  { ids, positions, ends }: DecoderInputs,
): Tensor {
  const [batch, length] = ids.shape as [number, number];
  const rows = batch * length;
  const { heads, keyValueHeads, epsilon } = config;
  const tablesOf = once((rotary: Rotary) => rotaryTables(ids.graph, rotary, length));
  const masksOf = once((window: number | undefined) =>
    packedCausalMasks(ends, window === undefined ? undefined : { tokens: window, positions }),
  );

  const partsOf = (layer: number): BlockParts => {
    const named = (name: string) => weight(`layers.${layer}.${name}`);
    const through = (x: Tensor, group: LinearGroup) =>
      config.linear[group].map(({ name }) => linear(x, layer, name));
    return {
      norm: (x, name) => rmsNorm(x, named(name), epsilon),
      attend: (x) => {
        const { window, rotary: turning } = config.attention[layer]!;
        const tables = turning && tablesOf(turning);
        const prepare = (projection: Tensor, count: number, normName: string): Tensor => {
          const split = splitHeads(projection, batch, length, count);
          const normed = config.queryKeyNorm ? rmsNorm(split, named(normName), epsilon) : split;
          return tables ? rotary(normed, positions, tables.cosines, tables.sines) : normed;
        };
        const widths = [heads, keyValueHeads, keyValueHeads].map((count) => count * config.headSize);
        const [q, k, v] = pieces(through(x, "attentionIn"), widths) as [Tensor, Tensor, Tensor];
        const attended = causalAttention(
          prepare(q, heads, "queryNorm"),
          prepare(k, keyValueHeads, "keyNorm"),
          splitHeads(v, batch, length, keyValueHeads),
          // A window as long as the row shuts nothing out.
          masksOf(window !== undefined && window < length ? window : undefined),
          config.attentionScale,
        );
        return mergeHeads(attended, rows);
      },
      feedForward: (x) => {
        const { intermediateSize } = config;
        const widths = [intermediateSize, intermediateSize];
        const [gate, up] = pieces(through(x, "feedForwardIn"), widths) as [Tensor, Tensor];
        return gatedUnit(config, gate, up);
      },
      project: (x, group, residual) => {
        const [product] = through(x, group) as [Tensor];
        return residual ? add(residual, product) : product;
      },
    };
  };

  let x = embedTokens(config, weight, reshape(ids, [rows]));
  const block = blockOf(config);
  for (let layer = 0; layer < config.layers; layer++) x = block(partsOf(layer), x);
  return x;
}

/** Products of several modules as they are, that of one fused module in its pieces. */
const pieces = (products: Tensor[], widths: readonly number[]): Tensor[] =>
  products.length > 1 ? products : split(products[0]!, 1, widths);

/** Makes the value of each key once. */
function once<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

/** What the first block takes, of token ids of any shape. */
export function embedTokens({ embeddingScale }: DecoderConfig, weight: WeightOf, ids: Tensor): Tensor {
  const embedded = gather(weight("embedding"), ids);
  return embeddingScale === 1 ? embedded : multiply(embedded, embeddingScale);
}

/** The activated gate times up. */
export function gatedUnit({ activation }: DecoderConfig, gate: Tensor, up: Tensor): Tensor {
  return activation === "silu" ? swiglu(gate, up) : multiply(geluTanh(gate), up);
}

/** The final norm: what the output layer takes. */
export function finalNorm({ epsilon }: DecoderConfig, weight: WeightOf, x: Tensor): Tensor {
  return rmsNorm(x, weight("norm"), epsilon);
}

/** The output layer's matrix [vocabulary, hidden]. */
export function outputMatrix({ tiedEmbedding }: DecoderConfig, weight: WeightOf): Tensor {
  return weight(tiedEmbedding ? "embedding" : "output");
}
