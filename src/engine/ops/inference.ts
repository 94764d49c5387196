import { shapeError, type Emitter, type Operation, type Tensor } from "../graph.ts";
import { microsoft } from "./infer.ts";

/** Operations of decoding, which have no gradient. */

type CachedAttentionOptions = {
  heads: number;
  keyValueHeads: number;
  /** Factor on the scores; absent: 1 / sqrt(d). */
  scale?: number | undefined;
  /** Tokens that one sees, itself the last; absent: all. */
  window?: number | undefined;
};

type CachedAttentionAttributes = CachedAttentionOptions & { rotary: boolean; quantized: boolean };

export const cachedAttentionOperation: Operation<CachedAttentionAttributes> = {
  name: "cachedAttention",
  infer: (inputs, { heads, keyValueHeads, quantized }) => {
    const [projected, keys, values] = inputs;
    const [batch, length, width] = projected!.shape;
    const size = keys!.shape[3] as number;
    const fits =
      width === (heads + 2 * keyValueHeads) * size &&
      keys!.shape[1] === keyValueHeads &&
      values!.shape[3] === size &&
      keys!.dtype === (quantized ? "int8" : "float32");
    if (!fits) {
      throw shapeError("cachedAttention", inputs, "needs q, k and v side by side and a cache [b, h, t, d]");
    }
    return [{ dtype: "float32", shape: [batch!, length!, heads * size] }, keys!, values!];
  },
  emit: ({ inputs, attributes }, emitter: Emitter) => {
    const { heads, keyValueHeads, scale, window, rotary, quantized } = attributes;
    const names = inputs.map(emitter.name);
    const [projected, ...cache] = names.splice(0, 5);
    const tables = rotary ? names.splice(0, 2) : ["", ""];
    // Between the tables and the scales: positions, a bias and a sink, which it does without.
    const scales = quantized ? ["", "", "", ...names] : [];
    const inputNames = [projected!, "", "", ...cache, ...(rotary || quantized ? tables : []), ...scales];
    return emitter.node("GroupQueryAttention", inputNames, {
      domain: microsoft,
      attributes: {
        num_heads: { int: heads },
        kv_num_heads: { int: keyValueHeads },
        do_rotary: { int: rotary ? 1 : 0 },
        ...(scale !== undefined && { scale: { float: scale } }),
        ...(window !== undefined && { local_window_size: { int: window } }),
        ...(quantized && {
          k_quant_type: { string: "PER_CHANNEL" },
          v_quant_type: { string: "PER_CHANNEL" },
          kv_cache_bit_width: { int: 8 },
        }),
      },
      outputs: 3,
    });
  },
};

export interface CachedAttentionInputs {
  /** Queries, keys and values side by side [batch, length, (heads + 2 * keyValueHeads) * d], not yet rotated. */
  projected: Tensor;
  /** Keys and values so far [batch, keyValueHeads, capacity, d]; int8 where there are `scales`, else float32. */
  keys: Tensor;
  values: Tensor;
  /** The step of each channel of an int8 cache [1, keyValueHeads, 1, d]. */
  scales?: { keys: Tensor; values: Tensor } | undefined;
  /** Index of each row's last token, counting those in the cache, int32 [batch]. */
  last: Tensor;
  /** Tokens in the longest row, int32 scalar. */
  total: Tensor;
  /** Of the rotary positions, [positions, d / 2] or less, where only the first of a head's elements turn; absent: none. */
  tables?: { cosines: Tensor; sines: Tensor } | undefined;
}

/**
 * Causal attention of new tokens over a cache, grouped queries, rotary positions. Returns the result
 * [batch, length, heads * d] and the cache with the new tokens in it; run with the cache's own arrays as outputs it
 * writes them in place. `length` above 1 with tokens in the cache takes a batch of 1.
 */
export function cachedAttention(
  { projected, keys, values, last, total, tables, scales }: CachedAttentionInputs,
  options: CachedAttentionOptions,
): [Tensor, Tensor, Tensor] {
  const inputs = [projected, keys, values, last, total];
  if (tables) inputs.push(tables.cosines, tables.sines);
  if (scales) inputs.push(scales.keys, scales.values);
  const attributes = { ...options, rotary: tables !== undefined, quantized: scales !== undefined };
  return projected.graph.apply(cachedAttentionOperation, inputs, attributes) as [Tensor, Tensor, Tensor];
}

export const roundToStepsOperation: Operation = {
  name: "roundToSteps",
  infer: (inputs) => {
    const [x, steps] = inputs;
    const fits =
      x!.dtype === "float32" &&
      steps!.shape.length === x!.shape.length &&
      steps!.shape.every((dim, axis) => dim === 1 || dim === x!.shape[axis]);
    if (!fits) throw shapeError("roundToSteps", inputs, "needs float32 x and steps that broadcast to it");
    return [{ dtype: "int8", shape: x!.shape }];
  },
  emit: ({ inputs }, emitter) => {
    const [counted] = emitter.node("Div", inputs.map(emitter.name));
    const one = emitter.constant("float32", [1], []);
    const zero = emitter.constant("int8", [0], []);
    return emitter.node("QuantizeLinear", [counted!, one, zero]);
  },
};

/** x / steps as int8, to the nearest, cut off at the ends. The steps are broadcast to x. */
export function roundToSteps(x: Tensor, steps: Tensor): Tensor {
  return x.graph.apply(roundToStepsOperation, [x, steps], {})[0]!;
}
