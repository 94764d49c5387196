import {
  Graph,
  add,
  argMax,
  encodeOnnx,
  gather,
  gradients,
  int8Linear,
  linearCrossEntropy,
  matmul,
  matmulAdd,
  multiply,
  sum,
  type Tensor,
} from "../../engine/index.ts";
import { int8Weight, weight, type CompiledWeights } from "../compiled.ts";
import type { AdapterLayout, LoraConfig } from "../tuning/lora-layout.ts";
import { withLora } from "../tuning/lora.ts";
import type { Arithmetic } from "../quantization.ts";
import type { DecoderConfig } from "./config.ts";
import { finalNorm, forwardBlocks, outputMatrix } from "./forward.ts";

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
 * tokens; `weights` float32 [scored], 0 for padding; `parameters` float32 [layout.size], absent without LoRA;
 * `dropout` float32 [batch * length, dropoutWidth], 0 or 1 / (1 - p), only when training with dropout.
 */
export interface LossGraph {
  onnx: Uint8Array;
  /** How `parameters` is laid out. */
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
  const { graph, loss, parameters, layout, dropoutWidth } = buildLoss(options, options.lora, true);
  graph.output("loss", loss);
  graph.output("gradient", gradients(graph, loss, [parameters!])[0]!);
  return { onnx: encodeOnnx(graph, "train"), layout, dropoutWidth };
}

/** Outputs `loss` as in training, and `losses` [scored], each prediction's negative log likelihood unweighted. */
export function buildEvaluationGraph(options: Options & { lora?: LoraConfig }): LossGraph {
  const { graph, loss, losses, layout } = buildLoss(options, options.lora, false);
  graph.output("loss", loss);
  graph.output("losses", losses);
  return { onnx: encodeOnnx(graph, "evaluate"), layout, dropoutWidth: 0 };
}

/** Outputs `losses` as in evaluation, and `best` [scored] int64, the token that is most likely in each place. */
export function buildScoringGraph(options: Options & { lora?: LoraConfig }): LossGraph {
  const { config, weights } = options;
  const { graph, losses, normalized, layout } = buildLoss(options, options.lora, false);
  graph.output("losses", losses);
  const logits = matmul(normalized, outputMatrix(graph, config, weights), { transposeB: true });
  graph.output("best", argMax(logits, 1));
  return { onnx: encodeOnnx(graph, "score"), layout, dropoutWidth: 0 };
}

/** Inputs `ids`, `positions`, `ends` and `parameters` as in training; output `logits` [batch * length, vocabulary]. */
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
  return { ...built, normalized, losses, loss: sum(multiply(losses, importance)) };
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
    return { graph, hidden, parameters: undefined, layout: { size: 0, tensors: [] }, dropoutWidth: 0 };
  }

  const { linear, parameters, layout, dropoutWidth } = withLora(
    graph,
    config,
    frozen,
    lora,
    training,
    batch * length,
  );
  const hidden = forwardBlocks(graph, config, weights, linear, inputs);
  return { graph, hidden, parameters, layout, dropoutWidth };
}
