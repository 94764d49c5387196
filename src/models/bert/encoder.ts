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
  mean,
  normalizeLength,
  type Tensor,
} from "../../engine/index.ts";
import { weight, type CompiledWeights } from "../compiled.ts";
import type { Arithmetic } from "../quantization.ts";
import type { BertConfig } from "./config.ts";

/**
 * A sentence encoder for one text a run: BERT (https://arxiv.org/abs/1810.04805), the mean of its last layer, unit
 * length (https://arxiv.org/abs/1908.10084). Inputs `ids` and `positions` [1, length] int32; output `vector`
 * [1, hidden]. One text a run needs no padding and no mask, keeps its activations in cache, and makes its vector
 * independent of other texts: measured, larger batches were slower.
 */
export function buildBertEncoder(
  config: BertConfig,
  weights: CompiledWeights,
  arithmetic: Arithmetic,
): Uint8Array {
  const graph = new Graph();
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
  let x = norm(add(gather(named("embedding"), ids), gather(named("positions"), positions)), "embeddingNorm");
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `layers.${layer}`;
    const [q, k, v] = ["query", "key", "value"].map((part) => linear(x, `${name}.${part}`));
    const mixed = linear(fullAttention(q!, k!, v!, config.heads), `${name}.attentionOut`);
    const attended = norm(add(mixed, x), `${name}.attentionNorm`);
    const wide = linear(attended, `${name}.feedForwardIn`);
    x = norm(feedForwardOut(wide, `${name}.feedForwardOut`, attended), `${name}.feedForwardNorm`);
  }
  graph.output("vector", normalizeLength(mean(x, 1)));
  return encodeOnnx(graph, `bert-${arithmetic}`);
}
