import {
  Graph,
  add,
  concat,
  encodeOnnx,
  gather,
  gradients,
  int8Linear,
  linearCrossEntropy,
  matmul,
  matmulAdd,
  multiply,
  reshape,
  slice,
  split,
  sum,
  type Tensor,
} from "../../engine/index.ts";
import { int8Weight, weight, type CompiledWeights } from "../compiled.ts";
import { layoutAdapter, type AdapterLayout, type LoraConfig } from "../lora.ts";
import type { Arithmetic } from "../quantization.ts";
import type { DecoderConfig } from "./config.ts";
import { finalNorm, forwardBlocks, outputMatrix, type Linear } from "./forward.ts";
import { decoderModules, layersOf, linearGroups } from "./linear-layers.ts";

/** The fixed shape of every batch, so that one graph serves all of training. */
export interface BatchShape {
  /** Rows. */
  batch: number;
  /** Tokens in a row; several sequences may share one. */
  length: number;
  /** Most tokens of a batch whose prediction is scored; the rest is padding. */
  scored: number;
}

/**
 * A graph on a packed batch. Inputs, all int64 but where said: `ids`, `positions`, `ends` [batch, length];
 * `scored` [scored], places in the flattened batch whose next token is scored; `targets` [scored], those next
 * tokens; `weights` float32 [scored], 0 for padding; `adapter` float32 [layout.size], absent without LoRA;
 * `dropout` float32 [batch * length, dropoutWidth], 0 or 1 / (1 - p), only when training with dropout.
 */
export interface LossGraph {
  onnx: Uint8Array;
  /** How `adapter` is laid out. */
  layout: AdapterLayout;
  /** Columns of the `dropout` input; 0 without it. */
  dropoutWidth: number;
}

interface Options {
  config: DecoderConfig;
  weights: CompiledWeights;
  arithmetic: Arithmetic;
  shape: BatchShape;
}

/** Outputs `loss` (scalar, the weighted sum of negative log likelihoods) and `gradient` [layout.size]. */
export function buildTrainingGraph(options: Options & { lora: LoraConfig }): LossGraph {
  const { graph, loss, adapter, layout, dropoutWidth } = buildLoss(options, options.lora, true);
  graph.output("loss", loss);
  graph.output("gradient", gradients(graph, loss, [adapter!])[0]!);
  return { onnx: encodeOnnx(graph, "train"), layout, dropoutWidth };
}

/** Outputs `loss` as in training, and `losses` [scored], each prediction's negative log likelihood unweighted. */
export function buildEvaluationGraph(options: Options & { lora?: LoraConfig }): LossGraph {
  const { graph, loss, losses, layout } = buildLoss(options, options.lora, false);
  graph.output("loss", loss);
  graph.output("losses", losses);
  return { onnx: encodeOnnx(graph, "evaluate"), layout, dropoutWidth: 0 };
}

/** Inputs `ids`, `positions`, `ends` and `adapter` as in training; output `logits` [batch * length, vocabulary]. */
export function buildLogitsGraph(options: Options & { lora?: LoraConfig }): LossGraph {
  const { config, weights, shape, lora } = options;
  const { graph, hidden, layout } = buildHidden(options, lora, false, shape);
  const normalized = finalNorm(graph, config, weights, hidden);
  graph.output("logits", matmul(normalized, outputMatrix(graph, config, weights), { transposeB: true }));
  return { onnx: encodeOnnx(graph, "logits"), layout, dropoutWidth: 0 };
}

function buildLoss(options: Options, lora: LoraConfig | undefined, training: boolean) {
  const { config, weights, shape } = options;
  const built = buildHidden(options, lora, training, shape);
  const { graph, hidden } = built;
  const places = graph.input("scored", "int64", [shape.scored]);
  const targets = graph.input("targets", "int64", [shape.scored]);
  const importance = graph.input("weights", "float32", [shape.scored]);
  const normalized = finalNorm(graph, config, weights, gather(hidden, places));
  const losses = linearCrossEntropy(normalized, outputMatrix(graph, config, weights), targets);
  return { ...built, losses, loss: sum(multiply(losses, importance)) };
}

function buildHidden(
  { config, weights, arithmetic }: Options,
  lora: LoraConfig | undefined,
  training: boolean,
  { batch, length }: BatchShape,
) {
  const graph = new Graph();
  const input = (name: string) => graph.input(name, "int64", [batch, length]);
  const inputs = { ids: input("ids"), positions: input("positions"), ends: input("ends") };

  const frozen = (x: Tensor, layer: number, module: string, addend?: Tensor): Tensor => {
    const name = `layers.${layer}.${module}`;
    const product = unbiased(x, name, addend);
    return weights.has(`${name}.bias`) ? add(product, weight(graph, weights, `${name}.bias`)) : product;
  };
  const unbiased = (x: Tensor, name: string, addend?: Tensor): Tensor => {
    if (arithmetic === "int8") {
      return int8Linear(x, int8Weight(graph, weights, name), addend);
    }
    const matrix = weight(graph, weights, name);
    return addend
      ? matmulAdd(x, matrix, addend, { transposeB: true })
      : matmul(x, matrix, { transposeB: true });
  };
  if (!lora) {
    const hidden = forwardBlocks(graph, config, weights, frozen, inputs);
    return { graph, hidden, adapter: undefined, layout: { size: 0, tensors: [] }, dropoutWidth: 0 };
  }

  const layout = layoutAdapter(decoderModules(config), lora);
  const adapter = graph.input("adapter", "float32", [layout.size]);
  const matrices = cutAdapter(adapter, layout);
  const noise = training && lora.dropout > 0 ? dropoutNoise(graph, config, batch * length) : undefined;
  const matrix = (kind: "A" | "B", layer: number, module: string) =>
    matrices.get(`base_model.model.model.layers.${layer}.${module}.lora_${kind}.weight`);
  const reduce = (x: Tensor, a: Tensor) => matmul(x, a, { transposeB: true, alpha: lora.alpha / lora.rank });
  // Modules that read the same input multiply it by their A in one go, which reads it once, there and in the gradient.
  const reduced = new Map<string, Tensor>();
  const reduceTogether = (x: Tensor, layer: number, module: string): Tensor => {
    const key = (name: string) => `${x.id} ${layer}.${name}`;
    if (!reduced.has(key(module))) {
      const tuned = linearGroups
        .map((group) => config.linear[group].map(({ name }) => name))
        .find((names) => names.includes(module))!
        .filter((name) => matrix("A", layer, name));
      const stacked = concat(
        tuned.map((name) => matrix("A", layer, name)!),
        0,
      );
      const pieces = split(
        reduce(x, stacked),
        1,
        tuned.map(() => lora.rank),
      );
      for (const [i, name] of tuned.entries()) reduced.set(key(name), pieces[i]!);
    }
    return reduced.get(key(module))!;
  };
  const linear: Linear = (x, layer, module) => {
    const [a, b] = [matrix("A", layer, module), matrix("B", layer, module)];
    if (!a || !b) return frozen(x, layer, module);
    const low = noise ? reduce(multiply(x, noise(x, layer, module)), a) : reduceTogether(x, layer, module);
    return frozen(x, layer, module, matmul(low, b, { transposeB: true }));
  };
  const hidden = forwardBlocks(graph, config, weights, linear, inputs);
  return { graph, hidden, adapter, layout, dropoutWidth: noise ? noiseWidth(config) : 0 };
}

/** The adapter's matrices by name, cut from the flat input. */
function cutAdapter(adapter: Tensor, layout: AdapterLayout): Map<string, Tensor> {
  const sizes = layout.tensors.map(({ shape }) => shape[0] * shape[1]);
  const pieces = split(adapter, 0, sizes);
  return new Map(layout.tensors.map(({ name, shape }, i) => [name, reshape(pieces[i]!, shape)]));
}

/**
 * Dropout draws one array a step and gives each module another window of its columns: cheaper than an array per
 * module, and still another mask for each module and step.
 */
function dropoutNoise(graph: Graph, config: DecoderConfig, rows: number) {
  const width = noiseWidth(config);
  const names = layersOf(config).map(({ name }) => name);
  const noise = graph.input("dropout", "float32", [rows, width]);
  return (x: Tensor, layer: number, module: string): Tensor => {
    const inputs = x.shape[1] as number;
    const place = layer * names.length + names.indexOf(module);
    const start = (place * windowStep) % (width - inputs + 1);
    return slice(noise, 1, start, start + inputs);
  };
}

/** A prime, so that windows of different modules do not line up. */
const windowStep = 101;

function noiseWidth({ hiddenSize, intermediateSize }: DecoderConfig): number {
  return 2 * Math.max(hiddenSize, intermediateSize);
}
