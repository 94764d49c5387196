import { LoragError } from "../../contracts/index.ts";
import type { QuantizedMatrix, Tensor, Graph } from "../../engine/index.ts";
import type { WeightSource } from "../../formats/index.ts";
import { compileWeights, type CompiledTensor, type CompiledWeights } from "../compiled.ts";
import { quantizeColumns, transposeMatrix } from "../quantization.ts";
import type { LlamaConfig } from "./config.ts";

/** The linear layers of a block, those on the same input side by side so that one product serves them. */
export const linearGroups = {
  attentionIn: ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
  attentionOut: ["self_attn.o_proj"],
  feedForwardIn: ["mlp.gate_proj", "mlp.up_proj"],
  feedForwardOut: ["mlp.down_proj"],
} as const;

export type LinearGroup = keyof typeof linearGroups;

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
 * Compiles what a graph of the given precision needs into `folder` (see compileWeights): `embedding` and norms in
 * float32, `layers.<n>.<group>` in float32 [outputs, inputs], or as int8 `.values` [inputs, outputs] with `.scale`
 * and the `.transposed.` pair [outputs, inputs].
 */
export async function compileLlama(
  folder: string,
  config: LlamaConfig,
  source: WeightSource,
  precision: Precision,
): Promise<CompiledWeights> {
  const outer = await compileWeights(folder, "outer-f32", () => outerTensors(config, source));
  const linear = await compileWeights(folder, `linear-${precision}`, () =>
    linearTensors(config, source, precision),
  );
  return new Map([...outer, ...linear]);
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

function* linearTensors(
  config: LlamaConfig,
  source: WeightSource,
  precision: Precision,
): Iterable<CompiledTensor> {
  for (let layer = 0; layer < config.layers; layer++) {
    for (const group of Object.keys(linearGroups) as LinearGroup[]) {
      const name = `layers.${layer}.${group}`;
      const shape = groupShape(config, group);
      const [outputs, inputs] = shape;
      const values = new Float32Array(outputs * inputs);
      let filled = 0;
      for (const module of linearGroups[group]) {
        const stored = `model.layers.${layer}.${module}.weight`;
        requireShape(source, stored, linearShape(config, module));
        const part = source.read(stored);
        values.set(part, filled);
        filled += part.length;
      }
      if (precision === "f32") {
        yield { name, dtype: "float32", shape, values };
        continue;
      }
      const forward = quantizeColumns(transposeMatrix(values, outputs, inputs), inputs, outputs);
      const back = quantizeColumns(values, outputs, inputs);
      const int8 = { dtype: "int8" } as const;
      const f32 = { dtype: "float32" } as const;
      yield { name: `${name}.values`, ...int8, shape: [inputs, outputs], values: forward.values };
      yield { name: `${name}.scale`, ...f32, shape: [outputs], values: forward.scale };
      yield { name: `${name}.transposed.values`, ...int8, shape, values: back.values };
      yield { name: `${name}.transposed.scale`, ...f32, shape: [inputs], values: back.scale };
    }
  }
}

/** A compiled tensor as a value of the graph. */
export function weight(graph: Graph, weights: CompiledWeights, name: string): Tensor {
  const reference = weights.get(name);
  if (!reference) throw new Error(`the compiled weights have no ${name}`);
  return graph.weight(reference);
}

/** A compiled int8 matrix with its transpose. */
export function int8Weight(graph: Graph, weights: CompiledWeights, name: string): QuantizedMatrix {
  const part = (suffix: string) => weight(graph, weights, `${name}.${suffix}`);
  return {
    values: part("values"),
    scale: part("scale"),
    transposed: { values: part("transposed.values"), scale: part("transposed.scale") },
  };
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
