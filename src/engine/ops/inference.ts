import { shapeError, type Emitter, type Operation, type Tensor } from "../graph.ts";
import { microsoft } from "./infer.ts";

/** Operations of decoding, which have no gradient. */

type CachedAttentionAttributes = { heads: number; keyValueHeads: number };

export const cachedAttentionOperation: Operation<CachedAttentionAttributes> = {
  name: "cachedAttention",
  infer: (inputs, { heads, keyValueHeads }) => {
    const [projected, keys, values] = inputs;
    const [batch, length, width] = projected!.shape;
    const size = keys!.shape[3] as number;
    const fits =
      width === (heads + 2 * keyValueHeads) * size &&
      keys!.shape[1] === keyValueHeads &&
      values!.shape[3] === size;
    if (!fits) {
      throw shapeError("cachedAttention", inputs, "needs q, k and v side by side and a cache [b, h, t, d]");
    }
    return [{ dtype: "float32", shape: [batch!, length!, heads * size] }, keys!, values!];
  },
  emit: ({ inputs, attributes: { heads, keyValueHeads } }, emitter: Emitter) => {
    const [projected, ...others] = inputs.map(emitter.name);
    return emitter.node("GroupQueryAttention", [projected!, "", "", ...others], {
      domain: microsoft,
      attributes: {
        num_heads: { int: heads },
        kv_num_heads: { int: keyValueHeads },
        do_rotary: { int: 1 },
      },
      outputs: 3,
    });
  },
};

export interface CachedAttentionInputs {
  /** Queries, keys and values side by side [batch, length, (heads + 2 * keyValueHeads) * d], not yet rotated. */
  projected: Tensor;
  /** Keys and values so far [batch, keyValueHeads, capacity, d]. */
  keys: Tensor;
  values: Tensor;
  /** Index of each row's last token, counting those in the cache, int32 [batch]. */
  last: Tensor;
  /** Tokens in the longest row, int32 scalar. */
  total: Tensor;
  /** [positions, d / 2]. */
  cosines: Tensor;
  sines: Tensor;
}

/**
 * Causal attention of new tokens over a cache, grouped queries, rotary positions. Returns the result
 * [batch, length, heads * d] and the cache with the new tokens in it; run with the cache's own arrays as outputs it
 * writes them in place. `length` above 1 with tokens in the cache takes a batch of 1.
 */
export function cachedAttention(
  { projected, keys, values, last, total, cosines, sines }: CachedAttentionInputs,
  attributes: CachedAttentionAttributes,
): [Tensor, Tensor, Tensor] {
  const inputs = [projected, keys, values, last, total, cosines, sines];
  return projected.graph.apply(cachedAttentionOperation, inputs, attributes) as [Tensor, Tensor, Tensor];
}
