import type { Operation, Tensor, TensorType } from "../graph.ts";
import { shapeError } from "../graph.ts";
import { addScaledRows, divide, maximum, multiply, negate, squareRoot, subtract } from "./elementwise.ts";
import { requireType } from "./infer.ts";
import { mean } from "./reduce.ts";
import { sum, sumTo } from "./shape.ts";

/** Root-mean-square norm (https://arxiv.org/abs/1910.07467). The second output is 1/rms, which the gradient needs. */
export const rmsNormOperation: Operation<{ epsilon: number }> = {
  name: "rmsNorm",
  infer: (inputs) => {
    const x = requireWeight("rmsNorm", inputs);
    return [x, { dtype: "float32", shape: [...x.shape.slice(0, -1), 1] }];
  },
  gradient: ({ inputs, outputs }, [g], wanted) => {
    const [x, weight] = inputs as [Tensor, Tensor];
    const [y, inverse] = outputs as [Tensor, Tensor];
    const forX = () => {
      const overlap = multiply(multiply(inverse, inverse), mean(multiply(g!, y), -1, true));
      return addScaledRows(multiply(multiply(g!, weight), inverse), x, negate(overlap));
    };
    const forWeight = () => sumTo(multiply(g!, multiply(x, inverse)), weight.shape);
    return [wanted[0] ? forX() : undefined, wanted[1] ? forWeight() : undefined];
  },
  emit: ({ inputs, attributes: { epsilon } }, emitter) =>
    emitter.node("SimplifiedLayerNormalization", inputs.map(emitter.name), {
      attributes: { axis: { int: -1 }, epsilon: { float: epsilon }, stash_type: { int: 1 } },
      outputs: 2,
    }),
};

/** x [..., size] over its last axis, weight [size]. */
export function rmsNorm(x: Tensor, weight: Tensor, epsilon: number): Tensor {
  return x.graph.apply(rmsNormOperation, [x, weight], { epsilon })[0]!;
}

/** Layer norm (https://arxiv.org/abs/1607.06450). The gradient needs the others of its outputs, mean and 1/deviation. */
export const layerNormOperation: Operation<{ epsilon: number }> = {
  name: "layerNorm",
  infer: (inputs) => {
    const x = requireWeight("layerNorm", inputs);
    const perRow: TensorType = { dtype: "float32", shape: [...x.shape.slice(0, -1), 1] };
    return [x, perRow, perRow];
  },
  gradient: ({ inputs, outputs }, [g], wanted) => {
    const [x, weight, bias] = inputs as [Tensor, Tensor, Tensor];
    const [, average, inverse] = outputs as [Tensor, Tensor, Tensor];
    const normal = multiply(subtract(x, average), inverse);
    const forX = () => {
      const weighted = multiply(g!, weight);
      const centred = subtract(weighted, mean(weighted, -1, true));
      return multiply(
        addScaledRows(centred, normal, negate(mean(multiply(weighted, normal), -1, true))),
        inverse,
      );
    };
    return [
      wanted[0] ? forX() : undefined,
      wanted[1] ? sumTo(multiply(g!, normal), weight.shape) : undefined,
      wanted[2] ? sumTo(g!, bias.shape) : undefined,
    ];
  },
  emit: ({ inputs, attributes: { epsilon } }, emitter) =>
    emitter.node("LayerNormalization", inputs.map(emitter.name), {
      attributes: { axis: { int: -1 }, epsilon: { float: epsilon } },
      outputs: 3,
    }),
};

/** x [..., size] over its last axis; weight and bias [size]. */
export function layerNorm(x: Tensor, weight: Tensor, bias: Tensor, epsilon: number): Tensor {
  return x.graph.apply(layerNormOperation, [x, weight, bias], { epsilon })[0]!;
}

/** Divides the vectors of the last axis by their Euclidean length, or by 1e-12 if they are shorter. */
export function normalizeLength(x: Tensor): Tensor {
  return divide(x, maximum(squareRoot(sum(multiply(x, x), [-1], true)), 1e-12));
}

function requireWeight(name: string, inputs: readonly TensorType[]): TensorType {
  requireType(name, inputs, "float32");
  const [x, ...weights] = inputs;
  const size = x!.shape.at(-1);
  if (weights.some(({ shape }) => shape.length !== 1 || shape[0] !== size)) {
    throw shapeError(name, inputs, `needs weights of shape [${size}]`);
  }
  return x!;
}
