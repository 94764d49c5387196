import { shapeError, type Operation, type Tensor } from "../graph.ts";
import { add, exponential, multiply, subtract } from "./elementwise.ts";
import { microsoft } from "./infer.ts";
import { gather, scatterAddRows } from "./indexing.ts";
import { matmul } from "./matmul.ts";
import { mean } from "./reduce.ts";
import { sum, unsqueezeLast } from "./shape.ts";

/**
 * Negative log likelihood of each row's target under softmax(hidden · embeddingᵀ), and the log probabilities. The
 * output layer and the loss are one operation because its gradient, g (p · E - E[target]), needs no scatter over the
 * vocabulary; that of the embedding scatters whole rows.
 */
export const linearCrossEntropyOperation: Operation = {
  name: "linearCrossEntropy",
  infer: (inputs) => {
    const [hidden, embedding, targets] = inputs;
    const [rows, size] = hidden!.shape;
    const fits = embedding!.shape[1] === size && targets!.shape[0] === rows && targets!.dtype === "int64";
    if (!fits)
      throw shapeError("linearCrossEntropy", inputs, "needs hidden [c, h], embedding [v, h], targets [c]");
    return [
      { dtype: "float32", shape: [rows!] },
      { dtype: "float32", shape: [rows!, embedding!.shape[0]!] },
    ];
  },
  gradient: ({ inputs, outputs: [, logProbabilities] }, [g], wanted) => {
    const [hidden, embedding, targets] = inputs as [Tensor, Tensor, Tensor];
    const probabilities = exponential(logProbabilities!);
    const perRow = unsqueezeLast(g!);
    const forHidden = () =>
      multiply(perRow, subtract(matmul(probabilities, embedding), gather(embedding, targets)));
    const forEmbedding = () => {
      const weighted = multiply(hidden, perRow);
      const expected = matmul(probabilities, weighted, { transposeA: true });
      return subtract(expected, scatterAddRows(targets, weighted, embedding.shape[0] as number));
    };
    return [wanted[0] ? forHidden() : undefined, wanted[1] ? forEmbedding() : undefined, undefined];
  },
  emit: ({ inputs: [hidden, embedding, targets] }, emitter) => {
    const axis = emitter.constant("int64", [1]);
    const [logits] = emitter.node("FusedMatMul", [emitter.name(hidden!), emitter.name(embedding!)], {
      domain: microsoft,
      attributes: { transB: { int: 1 } },
    });
    const [logProbabilities] = emitter.node("LogSoftmax", [logits!], { attributes: { axis: { int: -1 } } });
    const [column] = emitter.node("Unsqueeze", [emitter.name(targets!), axis]);
    const [taken] = emitter.node("GatherElements", [logProbabilities!, column!], {
      attributes: { axis: { int: 1 } },
    });
    const [row] = emitter.node("Squeeze", [taken!, axis]);
    return [...emitter.node("Neg", [row!]), logProbabilities!];
  },
};

/** logits [c, n], targets [c] int64 to negative log likelihoods [c], in nats; smoothed as `linearCrossEntropy`. */
export function crossEntropy(logits: Tensor, targets: Tensor, smoothing = 0): Tensor {
  const classes = logits.shape[1] as number;
  const diagonal = Float32Array.from({ length: classes ** 2 }, (_, i) => (i % (classes + 1) === 0 ? 1 : 0));
  const identity = logits.graph.constant("float32", diagonal, [classes, classes]);
  return linearCrossEntropy(logits, identity, targets, smoothing);
}

/**
 * hidden [c, h], embedding [v, h], targets [c] int64 to negative log likelihoods [c], in nats. `smoothing`: so large a share of
 * the target is spread over all v alike, as torch's `label_smoothing` does. The mean over all of -log p is that of the target
 * and how far its logit stands above the mean one, which takes no second pass over the vocabulary.
 */
export function linearCrossEntropy(
  hidden: Tensor,
  embedding: Tensor,
  targets: Tensor,
  smoothing = 0,
): Tensor {
  const losses = hidden.graph.apply(linearCrossEntropyOperation, [hidden, embedding, targets], {})[0]!;
  if (smoothing === 0) return losses;
  const above = subtract(gather(embedding, targets), mean(embedding, 0));
  return add(losses, multiply(sum(multiply(hidden, above), [1]), smoothing));
}
