import { LoragError } from "../../contracts/index.ts";
import type { Graph, QuantizedMatrix, Tensor, WeightReference } from "../../engine/index.ts";
import type { WeightSource } from "../../formats/index.ts";
import { compileWeights, type CompiledTensor, type CompiledWeights } from "../compiled.ts";
import { quantizeColumns, quantizeRowsTransposed } from "../quantization.ts";
import type { LlamaConfig } from "./config.ts";

/**
 * The linear layers of a block, those on the same input side by side: generation multiplies a group at once, because
 * its few rows make each product's overhead count. Training has many rows, where joining and cutting costs more.
 */
export const linearGroups = {
  attentionIn: ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
  attentionOut: ["self_attn.o_proj"],
  feedForwardIn: ["mlp.gate_proj", "mlp.up_proj"],
  feedForwardOut: ["mlp.down_proj"],
} as const;

export type LinearGroup = keyof typeof linearGroups;

export type LinearName = (typeof linearGroups)[LinearGroup][number];

/** The linear layers of a block in its order. */
export const linearNames: readonly LinearName[] = Object.values(linearGroups).flat();

/** How the frozen linear layers are held. */
export type Precision = "f32" | "int8";

/** [outputs, inputs] of one linear layer. */
export function linearShape(config: LlamaConfig, module: string): [number, number] {
  const { hiddenSize, intermediateSize, heads, keyValueHeads, headSize } = config;
  switch (module) {
    case "self_attn.q_proj":
      return [heads * headSize, hiddenSize];
    case "self_attn.k_proj":
    case "self_attn.v_proj":
      return [keyValueHeads * headSize, hiddenSize];
    case "self_attn.o_proj":
      return [hiddenSize, heads * headSize];
    case "mlp.down_proj":
      return [hiddenSize, intermediateSize];
    default:
      return [intermediateSize, hiddenSize];
  }
}

/** [outputs, inputs] of a whole group. */
export function groupShape(config: LlamaConfig, group: LinearGroup): [number, number] {
  const shapes = linearGroups[group].map((module) => linearShape(config, module));
  return [shapes.reduce((total, [outputs]) => total + outputs, 0), shapes[0]![1]];
}

/**
 * Compiles what graphs of the given precision need into `folder` (see compileWeights): `embedding` and norms in
 * float32, then the linear layers. In float32 `layers.<n>.<group>` and `layers.<n>.<module>` are [outputs, inputs].
 * In int8 both are `.values` [inputs, outputs] with `.scale`, and each module has its transpose for training as
 * `.transposed.values` [outputs, inputs] with `.transposed.scale`.
 */
export async function compileLlama(
  folder: string,
  config: LlamaConfig,
  source: WeightSource,
  precision: Precision,
): Promise<CompiledWeights> {
  const outer = await compileWeights(folder, "outer-f32", () => outerTensors(config, source));
  if (precision === "int8") {
    const linear = await compileWeights(folder, "linear-int8", () => int8Tensors(config, source));
    return new Map([...outer, ...linear]);
  }
  const linear = await compileWeights(folder, "linear-f32", () => f32Tensors(config, source));
  return new Map([...outer, ...linear, ...moduleViews(config, linear)]);
}

function* outerTensors(config: LlamaConfig, source: WeightSource): Iterable<CompiledTensor> {
  const { hiddenSize, vocabularySize } = config;
  const f32 = (name: string, stored: string, shape: number[]): CompiledTensor => {
    requireShape(source, stored, shape);
    return { name, dtype: "float32", shape, values: source.read(stored) };
  };
  yield f32("embedding", "model.embed_tokens.weight", [vocabularySize, hiddenSize]);
  if (!config.tiedEmbedding) yield f32("output", "lm_head.weight", [vocabularySize, hiddenSize]);
  yield f32("norm", "model.norm.weight", [hiddenSize]);
  for (let layer = 0; layer < config.layers; layer++) {
    const stored = `model.layers.${layer}`;
    yield f32(`layers.${layer}.attentionNorm`, `${stored}.input_layernorm.weight`, [hiddenSize]);
    yield f32(`layers.${layer}.feedForwardNorm`, `${stored}.post_attention_layernorm.weight`, [hiddenSize]);
  }
}

function* f32Tensors(config: LlamaConfig, source: WeightSource): Iterable<CompiledTensor> {
  for (const { name, group, layer } of groupsOf(config)) {
    const values = joinModules(config, source, layer, group);
    yield { name, dtype: "float32", shape: groupShape(config, group), values };
  }
}

/** The modules of a float32 group lie one after another in it. */
function moduleViews(config: LlamaConfig, linear: CompiledWeights): CompiledWeights {
  const views = new Map<string, WeightReference>();
  for (const { name, group, layer } of groupsOf(config)) {
    const whole = linear.get(name)!;
    let { offset } = whole;
    for (const module of linearGroups[group]) {
      const shape = linearShape(config, module);
      const length = 4 * shape[0] * shape[1];
      views.set(`layers.${layer}.${module}`, { ...whole, offset, length, shape });
      offset += length;
    }
  }
  return views;
}

function* int8Tensors(config: LlamaConfig, source: WeightSource): Iterable<CompiledTensor> {
  for (const { name, group, layer } of groupsOf(config)) {
    const joined = joinModules(config, source, layer, group);
    yield* int8Forward(name, joined, groupShape(config, group));
    let start = 0;
    for (const module of linearGroups[group]) {
      const name = `layers.${layer}.${module}`;
      const shape = linearShape(config, module);
      const values = joined.subarray(start, (start += shape[0] * shape[1]));
      yield* int8Forward(name, values, shape);
      const back = quantizeColumns(values, ...shape);
      yield { name: `${name}.transposed.values`, dtype: "int8", shape, values: back.values };
      yield { name: `${name}.transposed.scale`, dtype: "float32", shape: [shape[1]], values: back.scale };
    }
  }
}

function* int8Forward(name: string, matrix: Float32Array, shape: [number, number]): Iterable<CompiledTensor> {
  const [outputs, inputs] = shape;
  const { values, scale } = quantizeRowsTransposed(matrix, outputs, inputs);
  yield { name: `${name}.values`, dtype: "int8", shape: [inputs, outputs], values };
  yield { name: `${name}.scale`, dtype: "float32", shape: [outputs], values: scale };
}

function groupsOf(config: LlamaConfig): { name: string; layer: number; group: LinearGroup }[] {
  const groups = Object.keys(linearGroups) as LinearGroup[];
  return Array.from({ length: config.layers }, (_, layer) =>
    groups.map((group) => ({ name: `layers.${layer}.${group}`, layer, group })),
  ).flat();
}

/** The modules of a group one under another, [outputs, inputs]. */
function joinModules(
  config: LlamaConfig,
  source: WeightSource,
  layer: number,
  group: LinearGroup,
): Float32Array<ArrayBuffer> {
  const [outputs, inputs] = groupShape(config, group);
  const nameOf = (module: LinearName) => `model.layers.${layer}.${module}.weight`;
  // Before anything is allocated: a wrong configuration may ask for more than there is.
  for (const module of linearGroups[group]) requireShape(source, nameOf(module), linearShape(config, module));
  const joined = new Float32Array(outputs * inputs);
  let filled = 0;
  for (const module of linearGroups[group]) {
    const part = source.read(nameOf(module));
    joined.set(part, filled);
    filled += part.length;
  }
  return joined;
}

/** A compiled tensor as a value of the graph. */
export function weight(graph: Graph, weights: CompiledWeights, name: string): Tensor {
  const reference = weights.get(name);
  if (!reference) throw new Error(`the compiled weights have no ${name}`);
  return graph.weight(reference);
}

/** A compiled int8 matrix, with its transpose where it has one (modules do, groups do not). */
export function int8Weight(graph: Graph, weights: CompiledWeights, name: string): QuantizedMatrix {
  const part = (suffix: string) => weight(graph, weights, `${name}.${suffix}`);
  const forward = { values: part("values"), scale: part("scale") };
  if (!weights.has(`${name}.transposed.values`)) return forward;
  const transposed = { values: part("transposed.values"), scale: part("transposed.scale") };
  return { ...forward, transposed };
}

function requireShape(source: WeightSource, name: string, expected: readonly number[]): void {
  const shape = source.shape(name);
  if (shape.length !== expected.length || shape.some((size, axis) => size !== expected[axis])) {
    throw new LoragError({
      code: "LORAG_TENSOR_SHAPE",
      kind: "data",
      message: `The tensor ${name} has the shape [${shape.join(", ")}]; the model's configuration makes it [${expected.join(", ")}]`,
      next: "The weights and config.json are of different models: fetch the model again.",
    });
  }
}
