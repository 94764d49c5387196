import { minimise } from "./minimise.ts";
import type { SparseVector } from "./tfidf.ts";

/**
 * Multinomial logistic regression with an L2 penalty of 1/2 on the weights and none on the intercepts, as scikit-learn's
 * LogisticRegression has it at C = 1. Returns the likeliest class of a row, as an index.
 */
export function fitLogisticRegression(
  rows: readonly SparseVector[],
  targets: readonly number[],
  classes: number,
  features: number,
): (row: SparseVector) => number {
  // Feature-major (weights[feature * classes + class]), the intercepts last: a row touches few features, all classes.
  const intercepts = features * classes;
  const scoreInto = (scores: Float64Array, weights: Float64Array, row: SparseVector) => {
    for (let k = 0; k < classes; k++) scores[k] = weights[intercepts + k]!;
    for (let j = 0; j < row.features.length; j++) {
      const [base, weight] = [row.features[j]! * classes, row.weights[j]!];
      for (let k = 0; k < classes; k++) scores[k]! += weight * weights[base + k]!;
    }
  };
  const scores = new Float64Array(classes);
  const weights = minimise(
    (point, gradient) => {
      let loss = 0;
      for (let i = 0; i < intercepts; i++) loss += point[i]! ** 2 / 2;
      for (let i = 0; i < intercepts; i++) gradient[i] = point[i]!;
      gradient.fill(0, intercepts);
      for (const [index, row] of rows.entries()) {
        const target = targets[index]!;
        scoreInto(scores, point, row);
        loss -= softmaxInto(scores, target);
        scores[target]! -= 1;
        for (let k = 0; k < classes; k++) gradient[intercepts + k]! += scores[k]!;
        for (let j = 0; j < row.features.length; j++) {
          const [base, weight] = [row.features[j]! * classes, row.weights[j]!];
          for (let k = 0; k < classes; k++) gradient[base + k]! += weight * scores[k]!;
        }
      }
      return loss;
    },
    intercepts + classes,
    { tolerance: 1e-2 },
  );
  return (row) => {
    scoreInto(scores, weights, row);
    return scores.indexOf(Math.max(...scores));
  };
}

/** Scores become probabilities in place; returns the log probability of `target`. */
function softmaxInto(scores: Float64Array, target: number): number {
  const highest = Math.max(...scores);
  const targetScore = scores[target]! - highest;
  let sum = 0;
  for (let k = 0; k < scores.length; k++) sum += scores[k] = Math.exp(scores[k]! - highest);
  for (let k = 0; k < scores.length; k++) scores[k]! /= sum;
  return targetScore - Math.log(sum);
}
