import {
  add,
  causalAttention,
  gather,
  mergeHeads,
  packedCausalMasks,
  reshape,
  rmsNorm,
  rotary,
  splitHeads,
  swiglu,
  type Graph,
  type Tensor,
} from "../../engine/index.ts";
import { blockOf } from "../architectures.ts";
import { weight, type CompiledWeights } from "../compiled.ts";
import type { BlockParts } from "./block.ts";
import type { DecoderConfig } from "./config.ts";
import type { LinearGroup } from "./linear-layers.ts";
import { rotaryTables } from "./rotary-tables.ts";

export interface DecoderInputs {
  /** Token ids [batch, length], int64. */
  ids: Tensor;
  /** Position of each token in its own sequence [batch, length], int64. */
  positions: Tensor;
  /** The place in its row after the last token that sees this one [batch, length], int64; see packedCausalMasks. */
  ends: Tensor;
}

/** Multiplies x [rows, inputs] by a linear layer: [rows, outputs]. Arithmetic and adapters hide behind it. */
export type Linear = (x: Tensor, layer: number, name: string) => Tensor;

/**
 * The residual stream [batch * length, hidden] after the last block, before the final norm, for graphs that read whole
 * sequences at once. Sequences packed into one row of the batch do not see one another. Sizes are fixed.
 */
export function forwardBlocks(
  graph: Graph,
  config: DecoderConfig,
  weights: CompiledWeights,
  linear: Linear,
  { ids, positions, ends }: DecoderInputs,
): Tensor {
  const [batch, length] = ids.shape as [number, number];
  const rows = batch * length;
  const { heads, keyValueHeads, epsilon } = config;
  const { cosines, sines } = rotaryTables(graph, config, length);
  const masks = packedCausalMasks(ends);
  const split = (projection: Tensor, count: number) => splitHeads(projection, batch, length, count);
  const rotated = (heads: Tensor) => rotary(heads, positions, cosines, sines);

  const partsOf = (layer: number): BlockParts => {
    const through = (x: Tensor, group: LinearGroup) =>
      config.linear[group].map(({ name }) => linear(x, layer, name));
    return {
      norm: (x, name) => rmsNorm(x, weight(graph, weights, `layers.${layer}.${name}`), epsilon),
      attend: (x) => {
        const [q, k, v] = through(x, "attentionIn") as [Tensor, Tensor, Tensor];
        const attended = causalAttention(
          rotated(split(q, heads)),
          rotated(split(k, keyValueHeads)),
          split(v, keyValueHeads),
          masks,
        );
        return mergeHeads(attended, rows);
      },
      feedForward: (x) => {
        const [gate, up] = through(x, "feedForwardIn") as [Tensor, Tensor];
        return swiglu(gate, up);
      },
      project: (x, group, residual) => add(residual, through(x, group)[0]!),
    };
  };

  let x = gather(weight(graph, weights, "embedding"), reshape(ids, [rows]));
  const block = blockOf(config);
  for (let layer = 0; layer < config.layers; layer++) x = block(partsOf(layer), x);
  return x;
}

/** The final norm: what the output layer takes. */
export function finalNorm(graph: Graph, config: DecoderConfig, weights: CompiledWeights, x: Tensor): Tensor {
  return rmsNorm(x, weight(graph, weights, "norm"), config.epsilon);
}

/** The output layer's matrix [vocabulary, hidden]. */
export function outputMatrix(graph: Graph, config: DecoderConfig, weights: CompiledWeights): Tensor {
  return weight(graph, weights, config.tiedEmbedding ? "embedding" : "output");
}
