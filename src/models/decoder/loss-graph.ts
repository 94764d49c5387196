import {
  Graph,
  add,
  argMax,
  encodeOnnx,
  gather,
  gradients,
  linearCrossEntropy,
  matmul,
  multiply,
  reshape,
  softplus,
  subtract,
  sum,
} from "../../engine/index.ts";
import type { PackedShape } from "../backbone.ts";
import type { CompiledWeights } from "../compiled.ts";
import type { Arithmetic } from "../quantization.ts";
import type { ParameterLayout } from "../tuning/parameters.ts";
import type { Tuning } from "../tuning/tuning.ts";
import { decoderBackbone } from "./backbone.ts";
import type { DecoderConfig } from "./config.ts";
import { outputMatrix } from "./forward.ts";

/** The fixed shape of every batch, so that one graph serves all of training. */
export interface BatchShape extends PackedShape {
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

/** Outputs `loss` (scalar, the weighted sum of negative log likelihoods, smoothed) and `gradient` [layout.size]. */
export function buildTrainingGraph(options: Options & { tuning: Tuning; smoothing?: number }): LossGraph {
  const { graph, loss, model } = buildLoss(options, options.tuning, true, options.smoothing);
  graph.output("loss", loss);
  graph.output("gradient", gradients(graph, loss, [model.parameters!])[0]!);
  return { onnx: encodeOnnx(graph, "train"), layout: model.layout, dropoutWidth: model.dropoutWidth };
}

/** Outputs `loss` as in training, and `losses` [scored], each prediction's negative log likelihood unweighted. */
export function buildEvaluationGraph(options: Options & { tuning?: Tuning }): LossGraph {
  const { graph, loss, losses, model } = buildLoss(options, options.tuning, false);
  graph.output("loss", loss);
  graph.output("losses", losses);
  return { onnx: encodeOnnx(graph, "evaluate"), layout: model.layout, dropoutWidth: 0 };
}

/** Outputs `losses` as in evaluation, and `best` [scored] int64, the token that is most likely in each place. */
export function buildScoringGraph(options: Options & { tuning?: Tuning }): LossGraph {
  const { graph, losses, normalized, model } = buildLoss(options, options.tuning, false);
  graph.output("losses", losses);
  const logits = matmul(normalized, outputMatrix(options.config, model.weightOf), { transposeB: true });
  graph.output("best", argMax(logits, 1));
  return { onnx: encodeOnnx(graph, "score"), layout: model.layout, dropoutWidth: 0 };
}

/** Inputs `ids`, `positions`, `ends` and what is tuned as in training; output `logits` [batch * length, vocabulary]. */
export function buildLogitsGraph(options: Options & { tuning?: Tuning }): LossGraph {
  const { config, weights, arithmetic, shape, tuning } = options;
  const graph = new Graph();
  const backbone = decoderBackbone(config, weights, arithmetic);
  const { hidden, model } = backbone.build(graph, shape, { tuning, training: false });
  const normalized = backbone.finish(model, hidden);
  graph.output("logits", matmul(normalized, outputMatrix(config, model.weightOf), { transposeB: true }));
  return { onnx: encodeOnnx(graph, "logits"), layout: model.layout, dropoutWidth: 0 };
}

/**
 * Direct preference optimisation (https://arxiv.org/abs/2305.18290). Inputs as in training, but for `weights` float32 [pairs],
 * 0 for padding; `signs` float32 [pairs, scored], 1 for the tokens of a pair's better answer, -1 for those of the worse;
 * `reference` float32 [pairs], by how many nats the untuned model finds the better one likelier. `smoothing` is the share of
 * pairs that are taken to be the wrong way round (conservative DPO, https://ericmitchell.ai/cdpo.pdf). Outputs as in training, or,
 * without `training`, as in evaluation.
 */
export function buildPreferenceGraph(
  options: Options & { tuning: Tuning },
  { pairs, beta, smoothing = 0 }: { pairs: number; beta: number; smoothing?: number },
  training: boolean,
): LossGraph {
  const { graph, losses, model } = buildLosses(options, options.tuning, training);
  const { scored } = options.shape;
  const signs = graph.input("signs", "float32", [pairs, scored]);
  const reference = graph.input("reference", "float32", [pairs]);
  const importance = graph.input("weights", "float32", [pairs]);
  const behind = reshape(matmul(signs, reshape(losses, [scored, 1])), [pairs]);
  const missed = multiply(add(behind, reference), beta);
  // softplus(-x) = softplus(x) - x
  const each = smoothing > 0 ? subtract(softplus(missed), multiply(missed, smoothing)) : softplus(missed);
  const loss = sum(multiply(each, importance));
  graph.output("loss", loss);
  if (training) graph.output("gradient", gradients(graph, loss, [model.parameters!])[0]!);
  else graph.output("losses", losses);
  return { onnx: encodeOnnx(graph, "preference"), layout: model.layout, dropoutWidth: model.dropoutWidth };
}

function buildLoss(options: Options, tuning: Tuning | undefined, training: boolean, smoothing = 0) {
  const built = buildLosses(options, tuning, training, smoothing);
  const importance = built.graph.input("weights", "float32", [options.shape.scored]);
  return { ...built, loss: sum(multiply(built.losses, importance)) };
}

/** The negative log likelihood of each scored token. */
function buildLosses(
  { config, weights, arithmetic, shape }: Options,
  tuning: Tuning | undefined,
  training: boolean,
  smoothing = 0,
) {
  const graph = new Graph();
  const backbone = decoderBackbone(config, weights, arithmetic);
  const { hidden, model } = backbone.build(graph, shape, { tuning, training });
  const places = graph.input("scored", "int64", [shape.scored]);
  const targets = graph.input("targets", "int64", [shape.scored]);
  const normalized = backbone.finish(model, gather(hidden, places));
  const losses = linearCrossEntropy(normalized, outputMatrix(config, model.weightOf), targets, smoothing);
  return { graph, model, normalized, losses };
}
