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
import type { ParameterLayout } from "../tuning/parameters.ts";
import type { FrozenLinear, Tuned, Tuning } from "../tuning/tuning.ts";
import type { Arithmetic } from "../quantization.ts";
import type { DecoderConfig } from "./config.ts";
import { finalNorm, forwardBlocks, outputMatrix } from "./forward.ts";
import { decoderModules, linearGroups } from "./linear-layers.ts";

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
 * tokens; `weights` float32 [scored], 0 for padding; `parameters` float32 [layout.size], absent where nothing is tuned;
 * `dropout` float32 [batch * length, dropoutWidth], 0 or 1 / (1 - p), only when training with dropout.
 */
export interface LossGraph {
  onnx: Uint8Array;
  /** How what is tuned is laid out. */
  layout: ParameterLayout;
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
export function buildTrainingGraph(options: Options & { tuning: Tuning }): LossGraph {
  const { graph, loss, tuned } = buildLoss(options, options.tuning, true);
  graph.output("loss", loss);
  graph.output("gradient", gradients(graph, loss, tuned!.parameters)[0]!);
  return { onnx: encodeOnnx(graph, "train"), ...sizesOf(tuned) };
}

/** Outputs `loss` as in training, and `losses` [scored], each prediction's negative log likelihood unweighted. */
export function buildEvaluationGraph(options: Options & { tuning?: Tuning }): LossGraph {
  const { graph, loss, losses, tuned } = buildLoss(options, options.tuning, false);
  graph.output("loss", loss);
  graph.output("losses", losses);
  return { onnx: encodeOnnx(graph, "evaluate"), ...sizesOf(tuned) };
}

/** Outputs `losses` as in evaluation, and `best` [scored] int64, the token that is most likely in each place. */
export function buildScoringGraph(options: Options & { tuning?: Tuning }): LossGraph {
  const { graph, losses, normalized, weightOf, tuned } = buildLoss(options, options.tuning, false);
  graph.output("losses", losses);
  const logits = matmul(normalized, outputMatrix(options.config, weightOf), { transposeB: true });
  graph.output("best", argMax(logits, 1));
  return { onnx: encodeOnnx(graph, "score"), ...sizesOf(tuned) };
}

/** Inputs `ids`, `positions`, `ends` and what is tuned as in training; output `logits` [batch * length, vocabulary]. */
export function buildLogitsGraph(options: Options & { tuning?: Tuning }): LossGraph {
  const { config, shape, tuning } = options;
  const { graph, hidden, weightOf, tuned } = buildHidden(options, tuning, false, shape);
  const normalized = finalNorm(config, weightOf, hidden);
  graph.output("logits", matmul(normalized, outputMatrix(config, weightOf), { transposeB: true }));
  return { onnx: encodeOnnx(graph, "logits"), ...sizesOf(tuned) };
}

function sizesOf(tuned: Tuned | undefined): Pick<LossGraph, "layout" | "dropoutWidth"> {
  return { layout: tuned?.layout ?? { size: 0, tensors: [] }, dropoutWidth: tuned?.dropoutWidth ?? 0 };
}

function buildLoss(options: Options, tuning: Tuning | undefined, training: boolean) {
  const { config, shape } = options;
  const built = buildHidden(options, tuning, training, shape);
  const { graph, hidden, weightOf } = built;
  const places = graph.input("scored", "int64", [shape.scored]);
  const targets = graph.input("targets", "int64", [shape.scored]);
  const importance = graph.input("weights", "float32", [shape.scored]);
  const normalized = finalNorm(config, weightOf, gather(hidden, places));
  const losses = linearCrossEntropy(normalized, outputMatrix(config, weightOf), targets);
  return { ...built, normalized, losses, loss: sum(multiply(losses, importance)) };
}

function buildHidden(
  { config, weights, arithmetic }: Options,
  tuning: Tuning | undefined,
  training: boolean,
  { batch, length }: BatchShape,
) {
  const graph = new Graph();
  const input = (name: string) => graph.input(name, "int64", [batch, length]);
  const inputs = { ids: input("ids"), positions: input("positions"), ends: input("ends") };
  const weightOf = (name: string) => weight(graph, weights, name);

  const frozen: FrozenLinear = (x, layer, module, addend) => {
    const name = `layers.${layer}.${module}`;
    const product = unbiased(x, name, addend);
    return weights.has(`${name}.bias`) ? add(product, weightOf(`${name}.bias`)) : product;
  };
  const unbiased = (x: Tensor, name: string, addend?: Tensor): Tensor => {
    if (arithmetic === "int8") return int8Linear(x, int8Weight(graph, weights, name), addend);
    const matrix = weightOf(name);
    return addend
      ? matmulAdd(x, matrix, addend, { transposeB: true })
      : matmul(x, matrix, { transposeB: true });
  };
  const tuned = tuning?.({
    graph,
    modules: decoderModules(config),
    groups: linearGroups.map((group) => config.linear[group].map(({ name }) => name)),
    pathOf: (layer, name) => `model.layers.${layer}.${name}`,
    training,
    rows: batch * length,
  });
  const hidden = forwardBlocks(config, weightOf, tuned?.wrap(frozen) ?? frozen, inputs);
  return { graph, hidden, weightOf, tuned };
}
