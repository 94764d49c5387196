import { Graph, encodeOnnx, gradients, matmul, multiply, sum, type Tensor } from "../engine/index.ts";
import type { Backbone, PackedShape } from "./backbone.ts";
import type { LossGraph } from "./decoder/loss-graph.ts";
import { headLosses, headScores, headTargets, headTensors, type HeadShape } from "./tuning/head.ts";
import { cutParameters, extendLayout } from "./tuning/parameters.ts";
import type { Tuning } from "./tuning/tuning.ts";

/** Rows of packed texts. */
export interface TextShape extends PackedShape {
  /** Most texts in a batch. */
  texts: number;
}

/** Where the texts of a head come from: a model that may be tuned along with it, or vectors made once. */
export type HeadSource =
  { backbone: Backbone; shape: TextShape; tuning: Tuning | undefined } | { texts: number };

/**
 * The loss of a head. Inputs: those of the backbone and `pool` float32 [texts, batch * length], what share of a text's vector
 * each place has, or `vectors` float32 [texts, inputs]; `targets` (see headTargets); `weights` float32 [texts], 0 for padding;
 * `parameters` float32 [layout.size], the tuning's and then the head's. Outputs `loss` (scalar, the weighted sum) and, in
 * training, `gradient` [layout.size], else `scores` [texts, outputs].
 */
export function buildHeadGraph(
  source: HeadSource,
  head: HeadShape,
  { training, smoothing = 0 }: { training: boolean; smoothing?: number },
): LossGraph {
  const graph = new Graph();
  const { pooled, parameters, tensors, layout, dropoutWidth } = poolTexts(graph, source, head, training);
  const texts = "backbone" in source ? source.shape.texts : source.texts;
  const targets = headTargets(graph, head, texts);
  const importance = graph.input("weights", "float32", [texts]);
  const scores = headScores(pooled, tensors);
  const loss = sum(multiply(headLosses(head.problem, scores, targets, smoothing), importance));
  graph.output("loss", loss);
  if (training) graph.output("gradient", gradients(graph, loss, [parameters])[0]!);
  else graph.output("scores", scores);
  return { onnx: encodeOnnx(graph, training ? "train-head" : "evaluate-head"), layout, dropoutWidth };
}

function poolTexts(graph: Graph, source: HeadSource, head: HeadShape, training: boolean) {
  if (!("backbone" in source)) {
    const pooled = graph.input("vectors", "float32", [source.texts, head.inputs]);
    const layout = extendLayout(undefined, headTensors(head));
    const parameters = graph.input("parameters", "float32", [layout.size]);
    return { pooled, parameters, tensors: cutParameters(parameters, layout), layout, dropoutWidth: 0 };
  }
  const { backbone, shape, tuning } = source;
  const { hidden, model } = backbone.build(graph, shape, { tuning, training, head: headTensors(head) });
  const { tensors, layout, dropoutWidth } = model;
  return {
    pooled: backbone.finish(model, pool(graph, shape, hidden)),
    parameters: model.parameters!,
    tensors,
    layout,
    dropoutWidth,
  };
}

/** The vectors of packed texts: inputs as of `buildHeadGraph`; output `vectors` [texts, hiddenSize]. */
export function buildVectorsGraph(backbone: Backbone, shape: TextShape, tuning?: Tuning): LossGraph {
  const graph = new Graph();
  const { hidden, model } = backbone.build(graph, shape, { tuning, training: false });
  graph.output("vectors", backbone.finish(model, pool(graph, shape, hidden)));
  return { onnx: encodeOnnx(graph, "vectors"), layout: model.layout, dropoutWidth: 0 };
}

export function pool(graph: Graph, { batch, length, texts }: TextShape, hidden: Tensor): Tensor {
  return matmul(graph.input("pool", "float32", [texts, batch * length]), hidden);
}
