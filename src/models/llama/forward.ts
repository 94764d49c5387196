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
import type { CompiledWeights } from "../compiled.ts";
import type { LlamaConfig } from "./config.ts";
import { weight, type LinearName } from "./weights.ts";

export interface LlamaInputs {
  /** Token ids [batch, length], int64. */
  ids: Tensor;
  /** Position of each token in its own sequence [batch, length], int64. */
  positions: Tensor;
  /** The place in its row after the last token that sees this one [batch, length], int64; see packedCausalMasks. */
  ends: Tensor;
}

/** Multiplies x [rows, inputs] by a linear layer: [rows, outputs]. Precision and adapters hide behind it. */
export type Linear = (x: Tensor, layer: number, name: LinearName) => Tensor;

/**
 * Llama (https://arxiv.org/abs/2302.13971, grouped queries as in https://arxiv.org/abs/2307.09288): the residual
 * stream [batch * length, hidden] after the last block, before the final norm. Sequences packed into one row of the
 * batch do not see one another. Sizes are fixed.
 */
export function llamaBlocks(
  graph: Graph,
  config: LlamaConfig,
  weights: CompiledWeights,
  linear: Linear,
  { ids, positions, ends }: LlamaInputs,
): Tensor {
  const [batch, length] = ids.shape as [number, number];
  const rows = batch * length;
  const { heads, keyValueHeads } = config;
  const { cosines, sines } = rotaryTables(graph, config, length);
  const masks = packedCausalMasks(ends);

  let x = gather(weight(graph, weights, "embedding"), reshape(ids, [rows]));
  for (let layer = 0; layer < config.layers; layer++) {
    const norm = (name: string) =>
      rmsNorm(x, weight(graph, weights, `layers.${layer}.${name}`), config.epsilon);
    const split = (projection: Tensor, count: number) => splitHeads(projection, batch, length, count);
    const rotated = (heads: Tensor) => rotary(heads, positions, cosines, sines);

    const entering = norm("attentionNorm");
    const q = rotated(split(linear(entering, layer, "self_attn.q_proj"), heads));
    const k = rotated(split(linear(entering, layer, "self_attn.k_proj"), keyValueHeads));
    const v = split(linear(entering, layer, "self_attn.v_proj"), keyValueHeads);
    x = add(x, linear(mergeHeads(causalAttention(q, k, v, masks), rows), layer, "self_attn.o_proj"));

    const fed = norm("feedForwardNorm");
    const inner = swiglu(linear(fed, layer, "mlp.gate_proj"), linear(fed, layer, "mlp.up_proj"));
    x = add(x, linear(inner, layer, "mlp.down_proj"));
  }
  return x;
}

/** The final norm: what the output layer takes. */
export function llamaFinalNorm(
  graph: Graph,
  config: LlamaConfig,
  weights: CompiledWeights,
  x: Tensor,
): Tensor {
  return rmsNorm(x, weight(graph, weights, "norm"), config.epsilon);
}

/** The output layer's matrix [vocabulary, hidden]. */
export function llamaOutput(graph: Graph, config: LlamaConfig, weights: CompiledWeights): Tensor {
  return weight(graph, weights, config.tiedEmbedding ? "embedding" : "output");
}

/** Cosines and sines [positions, headSize / 2] of the rotary embedding. */
export function rotaryTables(
  graph: Graph,
  { headSize, ropeTheta }: LlamaConfig,
  positions: number,
): { cosines: Tensor; sines: Tensor } {
  const half = headSize / 2;
  const angles = Float64Array.from({ length: positions * half }, (_, i) => {
    const position = Math.floor(i / half);
    return position * ropeTheta ** (-(i % half) / half);
  });
  const table = (f: (angle: number) => number) => graph.constant("float32", angles.map(f), [positions, half]);
  return { cosines: table(Math.cos), sines: table(Math.sin) };
}
