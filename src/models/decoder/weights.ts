import { LoragError } from "../../contracts/index.ts";
import type { WeightReference } from "../../engine/index.ts";
import type { WeightSource } from "../../formats/index.ts";
import { compileWeights, type CompiledTensor, type CompiledWeights } from "../compiled.ts";
import {
  quantizeColumns,
  quantizeRowsTransposed,
  transposeMatrix,
  type Arithmetic,
} from "../quantization.ts";
import { requireShape } from "../require-shape.ts";
import type { DecoderConfig } from "./config.ts";
import { groupShape, linearGroups, type LinearGroup } from "./linear-layers.ts";

/**
 * Compiles what graphs of the given arithmetic need into `folder` (see compileWeights): `embedding`, norms and biases
 * (`layers.<n>.<group>.bias` and `layers.<n>.<module>.bias`) in float32, then the linear layers. In float32 `layers.<n>.<group>` and `layers.<n>.<module>` are [outputs, inputs].
 * In int8 both are `.values` [inputs, outputs] with `.scale`, and each module has its transpose for training as
 * `.transposed.values` [outputs, inputs] with `.transposed.scale`.
 */
export async function compileDecoder(
  folder: string,
  config: DecoderConfig,
  source: WeightSource,
  arithmetic: Arithmetic,
): Promise<CompiledWeights> {
  const outer = await compileWeights(folder, "outer-f32", () => outerTensors(config, source));
  const biases = biasViews(config, outer);
  if (arithmetic === "int8") {
    const linear = await compileWeights(folder, "linear-int8", () => int8Tensors(config, source));
    return new Map([...outer, ...biases, ...linear]);
  }
  const linear = await compileWeights(folder, "linear-f32", () => f32Tensors(config, source));
  return new Map([...outer, ...biases, ...linear, ...moduleViews(config, linear)]);
}

/** Adds to compiled weights what only generation needs: the output layer in int8, `output.values` and `output.scale`. */
export async function compileOutput(
  folder: string,
  config: DecoderConfig,
  source: WeightSource,
  weights: CompiledWeights,
  arithmetic: Arithmetic,
): Promise<CompiledWeights> {
  if (arithmetic === "f32") return weights;
  const output = await compileWeights(folder, "output-int8", () => outputTensors(config, source));
  return new Map([...weights, ...output]);
}

function* outerTensors(config: DecoderConfig, source: WeightSource): Iterable<CompiledTensor> {
  const { hiddenSize, vocabularySize } = config;
  const f32 = (name: string, stored: string, shape: number[]): CompiledTensor => {
    requireShape(source, stored, shape);
    return { name, dtype: "float32", shape, values: source.read(stored) };
  };
  yield f32("embedding", "model.embed_tokens.weight", [vocabularySize, hiddenSize]);
  if (!config.tiedEmbedding) yield f32("output", "lm_head.weight", [vocabularySize, hiddenSize]);
  const norm = (name: string, stored: string, size: number): CompiledTensor => {
    const tensor = f32(name, `${stored}.weight`, [size]);
    return { ...tensor, values: tensor.values.map((value) => value + config.normShift) };
  };
  yield norm("norm", "model.norm", hiddenSize);
  for (let layer = 0; layer < config.layers; layer++) {
    const stored = `model.layers.${layer}`;
    for (const [name, part] of Object.entries(config.norms))
      yield norm(`layers.${layer}.${name}`, `${stored}.${part}`, hiddenSize);
    if (config.queryKeyNorm) {
      yield norm(`layers.${layer}.queryNorm`, `${stored}.self_attn.q_norm`, config.headSize);
      yield norm(`layers.${layer}.keyNorm`, `${stored}.self_attn.k_norm`, config.headSize);
    }
  }
  yield* biasTensors(config, source);
}

/** Of each group with a bias the biases of its modules one after another, zeros where there is none. */
function* biasTensors(config: DecoderConfig, source: WeightSource): Iterable<CompiledTensor> {
  const names = new Set(source.names());
  for (const { name, group, layer } of groupsOf(config)) {
    const modules = config.linear[group];
    for (const { name: module, bias } of modules) {
      const stored = `model.layers.${layer}.${module}.bias`;
      if (!bias && names.has(stored)) throw strayBias(stored, config.modelType);
    }
    if (!modules.some(({ bias }) => bias)) continue;
    const [outputs] = groupShape(config, group);
    const values = new Float32Array(outputs);
    let filled = 0;
    for (const { name: module, bias, outputs } of modules) {
      const stored = `model.layers.${layer}.${module}.bias`;
      if (bias) {
        requireShape(source, stored, [outputs]);
        values.set(source.read(stored), filled);
      }
      filled += outputs;
    }
    yield { name: `${name}.bias`, dtype: "float32", shape: [outputs], values };
  }
}

/** Left out, it would make every answer wrong. */
function strayBias(name: string, modelType: string): LoragError {
  return new LoragError({
    code: "LORAG_MODEL_CONFIG",
    kind: "data",
    message: `The weights have a tensor ${name}, which the configuration of this ${modelType} has no use for`,
    next: "Check that the configuration is that of the weights (attention_bias, mlp_bias).",
  });
}

function* f32Tensors(config: DecoderConfig, source: WeightSource): Iterable<CompiledTensor> {
  for (const { name, group, layer } of groupsOf(config)) {
    const values = joinModules(config, source, layer, group);
    yield { name, dtype: "float32", shape: groupShape(config, group), values };
  }
}

/** So do the biases of a group's modules. */
function biasViews(config: DecoderConfig, outer: CompiledWeights): CompiledWeights {
  const views = new Map<string, WeightReference>();
  for (const { name, group, layer } of groupsOf(config)) {
    const whole = outer.get(`${name}.bias`);
    if (!whole) continue;
    let { offset } = whole;
    for (const { name: module, outputs, bias } of config.linear[group]) {
      const length = 4 * outputs;
      if (bias) views.set(`layers.${layer}.${module}.bias`, { ...whole, offset, length, shape: [outputs] });
      offset += length;
    }
  }
  return views;
}

/** The modules of a float32 group lie one after another in it. */
function moduleViews(config: DecoderConfig, linear: CompiledWeights): CompiledWeights {
  const views = new Map<string, WeightReference>();
  for (const { name, group, layer } of groupsOf(config)) {
    const whole = linear.get(name)!;
    let { offset } = whole;
    for (const { name: module, outputs, inputs } of config.linear[group]) {
      const length = 4 * outputs * inputs;
      views.set(`layers.${layer}.${module}`, { ...whole, offset, length, shape: [outputs, inputs] });
      offset += length;
    }
  }
  return views;
}

function* int8Tensors(config: DecoderConfig, source: WeightSource): Iterable<CompiledTensor> {
  for (const { name, group, layer } of groupsOf(config)) {
    const joined = joinModules(config, source, layer, group);
    yield* int8Forward(name, joined, groupShape(config, group));
    let start = 0;
    for (const { name: module, outputs, inputs } of config.linear[group]) {
      const name = `layers.${layer}.${module}`;
      const values = joined.subarray(start, (start += outputs * inputs));
      yield* int8Forward(name, values, [outputs, inputs]);
      const back = quantizeColumns(values, outputs, inputs);
      yield {
        name: `${name}.transposed.values`,
        dtype: "int8",
        shape: [outputs, inputs],
        values: back.values,
      };
      yield { name: `${name}.transposed.scale`, dtype: "float32", shape: [inputs], values: back.scale };
    }
  }
}

function* int8Forward(name: string, matrix: Float32Array, shape: [number, number]): Iterable<CompiledTensor> {
  const [outputs, inputs] = shape;
  const { values, scale } = quantizeRowsTransposed(matrix, outputs, inputs);
  yield { name: `${name}.values`, dtype: "int8", shape: [inputs, outputs], values };
  yield { name: `${name}.scale`, dtype: "float32", shape: [outputs], values: scale };
}

function* outputTensors(config: DecoderConfig, source: WeightSource): Iterable<CompiledTensor> {
  const { hiddenSize, vocabularySize, tiedEmbedding } = config;
  const matrix = source.read(tiedEmbedding ? "model.embed_tokens.weight" : "lm_head.weight");
  const transposed = transposeMatrix(matrix, vocabularySize, hiddenSize);
  const { values, scale } = quantizeColumns(transposed, hiddenSize, vocabularySize);
  yield { name: "output.values", dtype: "int8", shape: [hiddenSize, vocabularySize], values };
  yield { name: "output.scale", dtype: "float32", shape: [vocabularySize], values: scale };
}

function groupsOf(config: DecoderConfig): { name: string; layer: number; group: LinearGroup }[] {
  return Array.from({ length: config.layers }, (_, layer) =>
    linearGroups.map((group) => ({ name: `layers.${layer}.${group}`, layer, group })),
  ).flat();
}

/** The modules of a group one under another, [outputs, inputs]. */
function joinModules(
  config: DecoderConfig,
  source: WeightSource,
  layer: number,
  group: LinearGroup,
): Float32Array<ArrayBuffer> {
  const [outputs, inputs] = groupShape(config, group);
  const modules = config.linear[group].map(({ name, outputs }) => ({
    stored: `model.layers.${layer}.${name}.weight`,
    shape: [outputs, inputs],
  }));
  // Before anything is allocated: a wrong configuration may ask for more than there is.
  for (const { stored, shape } of modules) requireShape(source, stored, shape);
  const joined = new Float32Array(outputs * inputs);
  let filled = 0;
  for (const { stored } of modules) {
    const part = source.read(stored);
    joined.set(part, filled);
    filled += part.length;
  }
  return joined;
}
