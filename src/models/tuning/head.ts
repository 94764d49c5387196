import {
  add,
  crossEntropy,
  matmul,
  mean,
  multiply,
  softplus,
  subtract,
  type Graph,
  type Tensor,
} from "../../engine/index.ts";
import type { ProblemType } from "../../contracts/index.ts";
import type { ParameterTensor } from "./parameters.ts";

/** A new layer on a pre-trained model, which scores labels or estimates numbers. */
export interface HeadShape {
  problem: ProblemType;
  /** Scores: labels, or the one number of a regression. */
  outputs: number;
  /** Of the pooled text. */
  inputs: number;
  /** As transformers has it: on encoders, and not on decoders. */
  bias: boolean;
}

/** Named as in transformers' models for classification. */
export function headTensors({ outputs, inputs, bias }: HeadShape): Pick<ParameterTensor, "name" | "shape">[] {
  const weight = { name: "score.weight", shape: [outputs, inputs] };
  return bias ? [weight, { name: "score.bias", shape: [outputs] }] : [weight];
}

/** Pooled texts [texts, inputs] to scores [texts, outputs]. */
export function headScores(pooled: Tensor, tensors: ReadonlyMap<string, Tensor>): Tensor {
  const product = matmul(pooled, tensors.get("score.weight")!, { transposeB: true });
  const bias = tensors.get("score.bias");
  return bias ? add(product, bias) : product;
}

/** The graph's input of golds: label numbers int64 [texts], or float32 [texts, outputs]. */
export function headTargets(graph: Graph, { problem, outputs }: HeadShape, texts: number): Tensor {
  return problem === "single_label_classification"
    ? graph.input("targets", "int64", [texts])
    : graph.input("targets", "float32", [texts, outputs]);
}

/**
 * What each text loses [texts], as transformers has it: the negative log likelihood of its label, `smoothing`
 * of which is that of all labels; for several labels the mean
 * over all of them of their own; for numbers the mean squared error.
 */
export function headLosses(problem: ProblemType, scores: Tensor, targets: Tensor, smoothing: number): Tensor {
  if (problem === "single_label_classification") return crossEntropy(scores, targets, smoothing);
  if (problem === "multi_label_classification")
    return mean(subtract(softplus(scores), multiply(scores, targets)), 1);
  const error = subtract(scores, targets);
  return mean(multiply(error, error), 1);
}
