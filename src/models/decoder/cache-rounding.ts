import { Graph, encodeOnnx, roundToSteps, type Tensor } from "../../engine/index.ts";
import type { DecoderConfig } from "./config.ts";

/** The steps of a key-value cache in int8, for each layer [keyValueHeads * headSize]. */
export interface CacheScales {
  keys: readonly Float32Array[];
  values: readonly Float32Array[];
}

/**
 * The graph that rounds a row of a float32 cache, for `openInPlaceSession`. Inputs `keys.<layer>` and `values.<layer>`
 * [1, keyValueHeads, capacity, headSize]; outputs `rounded.keys.<layer>` and `rounded.values.<layer>`, int8.
 */
export function buildCacheRounding(config: DecoderConfig, scales: CacheScales): Uint8Array {
  const graph = new Graph();
  const { layers, keyValueHeads, headSize } = config;
  for (const kind of ["keys", "values"] as const) {
    for (let layer = 0; layer < layers; layer++) {
      const name = `${kind}.${layer}`;
      const row = graph.input(name, "float32", [1, keyValueHeads, "capacity", headSize]);
      graph.output(`rounded.${name}`, roundToSteps(row, cacheSteps(graph, config, scales[kind][layer]!)));
    }
  }
  return encodeOnnx(graph, "cache-rounding", { inPlace: true });
}

export function cacheSteps(
  graph: Graph,
  { keyValueHeads, headSize }: DecoderConfig,
  steps: Float32Array,
): Tensor {
  return graph.constant("float32", steps, [1, keyValueHeads, 1, headSize]);
}
