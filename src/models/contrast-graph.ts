import {
  Graph,
  add,
  crossEntropy,
  divide,
  encodeOnnx,
  gradients,
  matmul,
  multiply,
  slice,
  squareRoot,
  sum,
  type Tensor,
} from "../engine/index.ts";
import type { Backbone, PackedShape } from "./backbone.ts";
import type { LossGraph } from "./decoder/loss-graph.ts";
import { pool } from "./head-graph.ts";
import type { Tuning } from "./tuning/tuning.ts";

/** What cosines are multiplied by: sentence-transformers' `scale`. */
const sharpness = 20;

/**
 * The loss of finding, for each question, its own passage among those of all (https://arxiv.org/abs/1705.00652, section 4.4, and
 * sentence-transformers' MultipleNegativesRankingLoss): the negative log likelihood of it by softmax over cosines. Inputs:
 * those of the backbone; `pool` float32 [3 * pairs, batch * length], as of `buildHeadGraph`, of the questions, of their passages
 * and of a passage each that does not answer; `mask` float32 [pairs, 2 * pairs], what is added to each score, far below 0
 * for a passage that is none or is right, too; `weights` float32 [pairs], 0 for padding; `parameters` float32 [layout.size].
 * Outputs `loss` (scalar, the weighted sum) and, in training, `gradient` [layout.size].
 */
export function buildContrastGraph(
  backbone: Backbone,
  { pairs, ...shape }: PackedShape & { pairs: number },
  tuning: Tuning,
  training: boolean,
): LossGraph {
  const graph = new Graph();
  const { hidden, model } = backbone.build(graph, shape, { tuning, training });
  const texts = pool(graph, { ...shape, texts: 3 * pairs }, hidden);
  const vectors = unitLength(backbone.finish(model, texts));
  const questions = slice(vectors, 0, 0, pairs);
  const passages = slice(vectors, 0, pairs, 3 * pairs);
  const cosines = matmul(questions, passages, { transposeB: true, alpha: sharpness });
  const scores = add(cosines, graph.input("mask", "float32", [pairs, 2 * pairs]));
  const own = graph.constant(
    "int64",
    Array.from({ length: pairs }, (_, place) => place),
  );
  const importance = graph.input("weights", "float32", [pairs]);
  const loss = sum(multiply(crossEntropy(scores, own), importance));
  graph.output("loss", loss);
  if (training) graph.output("gradient", gradients(graph, loss, [model.parameters!])[0]!);
  const name = training ? "train-contrast" : "evaluate-contrast";
  return { onnx: encodeOnnx(graph, name), layout: model.layout, dropoutWidth: model.dropoutWidth };
}

/** Rows of zeros, where no text is, stay. */
function unitLength(x: Tensor): Tensor {
  const squares = sum(multiply(x, x), [1], true);
  return divide(x, squareRoot(add(squares, 1e-12)));
}
