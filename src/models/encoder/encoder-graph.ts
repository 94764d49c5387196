import {
  Graph,
  add,
  encodeOnnx,
  fullAttention,
  gather,
  gelu,
  int8LinearByText,
  int8LinearOfGelu,
  layerNorm,
  matmul,
  maximum,
  mean,
  normalizeLength,
  reshape,
  slice,
  subtract,
  tanh,
  transpose,
  type Tensor,
} from "../../engine/index.ts";
import { weight, type CompiledWeights } from "../compiled.ts";
import type { Arithmetic } from "../quantization.ts";
import type { EncoderConfig } from "./config.ts";
import type { Pooling } from "./sentence-settings.ts";

/**
 * A sentence encoder for one text a run: its last layer's mean or first token, unit length
 * (https://arxiv.org/abs/1908.10084). Inputs `ids` and `positions` [1, length] int32; output `vector`
 * [1, hidden]. One text a run needs no padding and no mask, keeps its activations in cache, and makes its vector
 * independent of other texts: measured, larger batches were slower.
 */
export function buildEncoder(
  config: EncoderConfig,
  weights: CompiledWeights,
  arithmetic: Arithmetic,
  pooling: Pooling,
): Uint8Array {
  const graph = new Graph();
  const x = encodeTokens(graph, config, weights, arithmetic, false);
  const pooled = pooling === "mean" ? mean(x, 1) : firstToken(config, x);
  graph.output("vector", normalizeLength(pooled));
  return encodeOnnx(graph, `encoder-${arithmetic}`);
}

/**
 * A classifier of one text, or pair of texts, a run. Inputs `ids` and `positions` [1, length] int32 and, where the model
 * tells the texts of a pair apart, `segments` [1, length] int32; output `scores` [1, labels].
 */
export function buildClassifier(
  config: EncoderConfig,
  weights: CompiledWeights,
  arithmetic: Arithmetic,
): Uint8Array {
  const graph = new Graph();
  const x = encodeTokens(graph, config, weights, arithmetic, config.segments > 1);
  const linear = (x: Tensor, name: string): Tensor =>
    add(matmul(x, weight(graph, weights, name)), weight(graph, weights, `${name}.bias`));
  const dense = linear(firstToken(config, x), "dense");
  const bent = config.names.head.bend === "tanh" ? tanh(dense) : maximum(dense, 0);
  graph.output("scores", linear(bent, "scores"));
  return encodeOnnx(graph, `classifier-${arithmetic}`);
}

function firstToken({ hiddenSize }: EncoderConfig, x: Tensor): Tensor {
  return reshape(slice(x, 1, 0, 1), [1, hiddenSize]);
}

/** The last layer [1, length, hidden]. */
function encodeTokens(
  graph: Graph,
  config: EncoderConfig,
  weights: CompiledWeights,
  arithmetic: Arithmetic,
  hasSegments: boolean,
): Tensor {
  const named = (name: string): Tensor => weight(graph, weights, name);
  const norm = (x: Tensor, name: string): Tensor =>
    layerNorm(x, named(`${name}.weight`), named(`${name}.bias`), config.epsilon);
  const int8 = (name: string) => ({ values: named(`${name}.values`), scale: named(`${name}.scale`) });
  const linear = (x: Tensor, name: string): Tensor =>
    arithmetic === "f32"
      ? add(matmul(x, named(name)), named(`${name}.bias`))
      : int8LinearByText(x, int8(name), named(`${name}.bias`));
  const feedForwardOut = (x: Tensor, name: string, residual: Tensor): Tensor =>
    arithmetic === "f32"
      ? add(linear(gelu(x), name), residual)
      : int8LinearOfGelu(x, int8(name), add(residual, named(`${name}.bias`)));

  const ids = graph.input("ids", "int32", [1, "length"]);
  const positions = graph.input("positions", "int32", [1, "length"]);
  let embedded = add(gather(named("embedding"), ids), gather(named("positions"), positions));
  if (hasSegments) {
    const segments = graph.input("segments", "int32", [1, "length"]);
    embedded = add(embedded, gather(named("segments"), segments));
  }
  const distances =
    config.distanceBuckets === undefined ? undefined : distanceBias(config, positions, named("distances"));
  let x = norm(embedded, "embeddingNorm");
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `layers.${layer}`;
    const [q, k, v] = ["query", "key", "value"].map((part) => linear(x, `${name}.${part}`));
    const mixed = linear(fullAttention(q!, k!, v!, config.heads, distances), `${name}.attentionOut`);
    const attended = norm(add(mixed, x), `${name}.attentionNorm`);
    const wide = linear(attended, `${name}.feedForwardIn`);
    x = norm(feedForwardOut(wide, `${name}.feedForwardOut`, attended), `${name}.feedForwardNorm`);
  }
  return x;
}

/** What attention adds to each score [1, heads, length, length]. */
function distanceBias({ maxPositions }: EncoderConfig, positions: Tensor, distances: Tensor): Tensor {
  const keys = reshape(positions, [1, 1, "length"]);
  const queries = reshape(positions, [1, "length", 1]);
  const first = positions.graph.constant("int32", maxPositions - 1);
  return transpose(gather(distances, add(subtract(keys, queries), first)), [0, 3, 1, 2]);
}
