import type { Operation, Tensor } from "../graph.ts";
import { multiply } from "./elementwise.ts";
import { axisOf, requireType } from "./infer.ts";
import { expand, reducedShape, reshape } from "./shape.ts";

export const meanOperation: Operation<{ axis: number; keepDims: boolean }> = {
  name: "mean",
  infer: (inputs, { axis, keepDims }) => {
    requireType("mean", inputs, "float32");
    return [{ dtype: "float32", shape: reducedShape(inputs[0]!.shape, [axis], keepDims) }];
  },
  gradient: ({ inputs: [x], attributes: { axis } }, [g]) => {
    const kept = reshape(g!, reducedShape(x!.shape, [axis], true));
    return [multiply(expand(kept, x!.shape), 1 / (x!.shape[axis] as number))];
  },
  emit: ({ inputs: [x], attributes: { axis, keepDims } }, emitter) =>
    emitter.node("ReduceMean", [emitter.name(x!), emitter.constant("int64", [axis])], {
      attributes: { keepdims: { int: keepDims ? 1 : 0 } },
    }),
};

export function mean(x: Tensor, axis: number, keepDims = false): Tensor {
  return x.graph.apply(meanOperation, [x], { axis: axisOf("mean", x, axis), keepDims })[0]!;
}

/** Place (int64) of the largest value along an axis, the first of equals. No gradient. */
export const argMaxOperation: Operation<{ axis: number }> = {
  name: "argMax",
  infer: ([x], { axis }) => [{ dtype: "int64", shape: reducedShape(x!.shape, [axis], false) }],
  emit: ({ inputs: [x], attributes: { axis } }, emitter) =>
    emitter.node("ArgMax", [emitter.name(x!)], { attributes: { axis: { int: axis }, keepdims: { int: 0 } } }),
};

export function argMax(x: Tensor, axis: number): Tensor {
  return x.graph.apply(argMaxOperation, [x], { axis: axisOf("argMax", x, axis) })[0]!;
}
