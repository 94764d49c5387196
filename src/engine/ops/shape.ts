import { shapeError, type Dim, type Emitter, type Operation, type Tensor } from "../graph.ts";
import { axisOf, broadcast, sameShape } from "./infer.ts";

/** Operations that move values without changing them, and their mirror image, the sum. */

export const reshapeOperation: Operation<{ shape: readonly Dim[] }> = {
  name: "reshape",
  infer: ([x], { shape }) => {
    const count = (dims: readonly Dim[]) =>
      dims.reduce<number>((product, dim) => (typeof dim === "number" ? product * dim : product), 1);
    const names = (dims: readonly Dim[]) =>
      dims
        .filter((dim) => typeof dim === "string")
        .sort()
        .join();
    const known = names(shape) === names(x!.shape);
    if (known && count(shape) !== count(x!.shape)) throw shapeError("reshape", [x!], `does not fit ${shape}`);
    return [{ dtype: x!.dtype, shape }];
  },
  gradient: ({ inputs: [x] }, [gradient]) => [reshape(gradient!, x!.shape)],
  emit: ({ inputs: [x], attributes: { shape } }, emitter) => {
    // In ONNX 0 keeps the input's size at the same place and -1 is inferred, once.
    const dims = shape.map((dim, axis) => (typeof dim === "number" ? dim : dim === x!.shape[axis] ? 0 : -1));
    if (dims.filter((dim) => dim === -1).length > 1) {
      throw shapeError("reshape", [x!], `to ${shape}: at most one size that changes place may be unknown`);
    }
    return emitter.node("Reshape", [emitter.name(x!), emitter.constant("int64", dims)]);
  },
};

/** `shape` may hold names of sizes; at most one that is not at its old place. */
export function reshape(x: Tensor, shape: readonly Dim[]): Tensor {
  return sameShape(x.shape, shape) ? x : x.graph.apply(reshapeOperation, [x], { shape })[0]!;
}

export const transposeOperation: Operation<{ order: readonly number[] }> = {
  name: "transpose",
  infer: ([x], { order }) => {
    const valid = order.length === x!.shape.length && order.every((_, axis) => order.includes(axis));
    if (!valid) throw shapeError("transpose", [x!], `cannot take the order ${order}`);
    return [{ dtype: x!.dtype, shape: order.map((axis) => x!.shape[axis]!) }];
  },
  gradient: ({ attributes: { order } }, [gradient]) => [
    transpose(
      gradient!,
      order.map((_, axis) => order.indexOf(axis)),
    ),
  ],
  emit: ({ inputs: [x], attributes: { order } }, emitter) =>
    emitter.node("Transpose", [emitter.name(x!)], { attributes: { perm: { ints: order } } }),
};

/** Output axis i is input axis `order[i]`. */
export function transpose(x: Tensor, order: readonly number[]): Tensor {
  return order.every((from, to) => from === to) ? x : x.graph.apply(transposeOperation, [x], { order })[0]!;
}

export const expandOperation: Operation<{ shape: readonly Dim[] }> = {
  name: "expand",
  infer: ([x], { shape }) => {
    const result = broadcast("expand", [x!, { dtype: x!.dtype, shape }]);
    if (!sameShape(result, shape)) throw shapeError("expand", [x!], `does not expand to ${shape}`);
    return [{ dtype: x!.dtype, shape }];
  },
  gradient: ({ inputs: [x] }, [gradient]) => [sumTo(gradient!, x!.shape)],
  emit: ({ inputs: [x], attributes: { shape } }, emitter) => {
    const keep = shape.map((dim, axis) => {
      if (typeof dim === "number") return dim;
      // An Expand size of 1 leaves the input's own size.
      if (x!.shape[x!.shape.length - shape.length + axis] === dim) return 1;
      throw shapeError("expand", [x!], `cannot expand to the unknown size ${dim}`);
    });
    return emitter.node("Expand", [emitter.name(x!), emitter.constant("int64", keep)]);
  },
};

export function expand(x: Tensor, shape: readonly Dim[]): Tensor {
  return sameShape(x.shape, shape) ? x : x.graph.apply(expandOperation, [x], { shape })[0]!;
}

export const sumOperation: Operation<{ axes: readonly number[]; keepDims: boolean }> = {
  name: "sum",
  infer: ([x], { axes, keepDims }) => [{ dtype: x!.dtype, shape: reducedShape(x!.shape, axes, keepDims) }],
  gradient: ({ inputs: [x], attributes: { axes } }, [gradient]) => [
    expand(reshape(gradient!, reducedShape(x!.shape, axes, true)), x!.shape),
  ],
  emit: ({ inputs: [x], attributes: { axes, keepDims } }, emitter) =>
    emitter.node("ReduceSum", [emitter.name(x!), emitter.constant("int64", axes)], {
      attributes: { keepdims: { int: keepDims ? 1 : 0 } },
    }),
};

/** Sums over the axes given (negative ones count from the end), all of them by default. */
export function sum(
  x: Tensor,
  axes: readonly number[] = x.shape.map((_, axis) => axis),
  keepDims = false,
): Tensor {
  const positive = axes.map((axis) => axisOf("sum", x, axis));
  return positive.length === 0 ? x : x.graph.apply(sumOperation, [x], { axes: positive, keepDims })[0]!;
}

export function reducedShape(shape: readonly Dim[], axes: readonly number[], keepDims: boolean): Dim[] {
  return keepDims
    ? shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
    : shape.filter((_, axis) => !axes.includes(axis));
}

/** The gradient of broadcasting: sums what was repeated. */
export function sumTo(x: Tensor, shape: readonly Dim[]): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const extra = x.shape.length - shape.length;
  const axes = x.shape.flatMap((dim, axis) => (axis < extra || dim !== shape[axis - extra] ? [axis] : []));
  return reshape(sum(x, axes, true), shape);
}

export const unsqueezeLastOperation: Operation = {
  name: "unsqueezeLast",
  infer: ([x]) => [{ dtype: x!.dtype, shape: [...x!.shape, 1] }],
  gradient: (_, [g]) => [sum(g!, [-1])],
  emit: ({ inputs: [x] }, emitter) =>
    emitter.node("Unsqueeze", [emitter.name(x!), emitter.constant("int64", [-1])]),
};

/** x [...] as [..., 1], whatever sizes are unknown. */
export function unsqueezeLast(x: Tensor): Tensor {
  return x.graph.apply(unsqueezeLastOperation, [x], {})[0]!;
}

export const concatOperation: Operation<{ axis: number }> = {
  name: "concat",
  infer: (inputs, { axis }) => {
    const [first] = inputs;
    for (const { shape, dtype } of inputs) {
      const fits =
        shape.length === first!.shape.length &&
        shape.every((dim, i) => i === axis || dim === first!.shape[i]);
      if (!fits || dtype !== first!.dtype) throw shapeError("concat", inputs, `do not join on axis ${axis}`);
    }
    const dims = inputs.map(({ shape }) => shape[axis]!);
    const total = dims.every((dim) => typeof dim === "number")
      ? dims.reduce((a, b) => a + b, 0)
      : dims.join("+");
    return [{ dtype: first!.dtype, shape: first!.shape.map((dim, i) => (i === axis ? total : dim)) }];
  },
  gradient: ({ inputs, attributes: { axis } }, [gradient], wanted) => {
    let start = 0;
    return inputs.map((input, i) => {
      const from = start;
      start += input.shape[axis] as number;
      return wanted[i] ? slice(gradient!, axis, from, start) : undefined;
    });
  },
  emit: ({ inputs, attributes: { axis } }, emitter) =>
    emitter.node("Concat", inputs.map(emitter.name), { attributes: { axis: { int: axis } } }),
};

export function concat(inputs: readonly Tensor[], axis: number): Tensor {
  const [first] = inputs;
  if (inputs.length === 1) return first!;
  return first!.graph.apply(concatOperation, inputs, { axis: axisOf("concat", first!, axis) })[0]!;
}

export const sliceOperation: Operation<{ axis: number; start: number; end: number }> = {
  name: "slice",
  infer: ([x], { axis, start, end }) => {
    const size = x!.shape[axis]!;
    if (start < 0 || end <= start || (typeof size === "number" && end > size)) {
      throw shapeError("slice", [x!], `has no ${start}..${end} on axis ${axis}`);
    }
    return [{ dtype: x!.dtype, shape: x!.shape.map((dim, i) => (i === axis ? end - start : dim)) }];
  },
  gradient: ({ inputs: [x], attributes: { axis, start, end } }, [gradient]) => [
    pad(gradient!, axis, start, (x!.shape[axis] as number) - end),
  ],
  emit: ({ inputs: [x], attributes: { axis, start, end } }, emitter) => {
    const vector = (value: number) => emitter.constant("int64", [value]);
    return emitter.node("Slice", [emitter.name(x!), vector(start), vector(end), vector(axis)]);
  },
};

/** Elements `start` up to `end` (not included) of one axis. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  return x.graph.apply(sliceOperation, [x], { axis: axisOf("slice", x, axis), start, end })[0]!;
}

export const splitOperation: Operation<{ axis: number; sizes: readonly number[] }> = {
  name: "split",
  infer: ([x], { axis, sizes }) => {
    if (sizes.reduce((a, b) => a + b, 0) !== x!.shape[axis]) {
      throw shapeError("split", [x!], `does not split into ${sizes} on axis ${axis}`);
    }
    return sizes.map((size) => ({
      dtype: x!.dtype,
      shape: x!.shape.map((dim, i) => (i === axis ? size : dim)),
    }));
  },
  gradient: ({ outputs, attributes: { axis } }, gradients) => [
    concat(
      outputs.map((output, i) => gradients[i] ?? expand(output.graph.constant("float32", 0), output.shape)),
      axis,
    ),
  ],
  emit: ({ inputs: [x], outputs, attributes: { axis, sizes } }, emitter) =>
    emitter.node("Split", [emitter.name(x!), emitter.constant("int64", sizes)], {
      attributes: { axis: { int: axis } },
      outputs: outputs.length,
    }),
};

/** Cuts one axis into pieces of the sizes given. */
export function split(x: Tensor, axis: number, sizes: readonly number[]): Tensor[] {
  return sizes.length === 1
    ? [x]
    : x.graph.apply(splitOperation, [x], { axis: axisOf("split", x, axis), sizes });
}

export const padOperation: Operation<{ axis: number; before: number; after: number }> = {
  name: "pad",
  infer: ([x], { axis, before, after }) => {
    const size = x!.shape[axis]!;
    if (typeof size !== "number") throw shapeError("pad", [x!], "needs a fixed size on the padded axis");
    return [{ dtype: x!.dtype, shape: x!.shape.map((dim, i) => (i === axis ? size + before + after : dim)) }];
  },
  gradient: ({ inputs: [x], attributes: { axis, before } }, [gradient]) => [
    slice(gradient!, axis, before, before + (x!.shape[axis] as number)),
  ],
  emit: ({ inputs: [x], attributes: { axis, before, after } }, emitter) =>
    emitPad(x!, axis, before, after, emitter),
};

/** Zeros before and after on one axis. */
export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  if (before === 0 && after === 0) return x;
  return x.graph.apply(padOperation, [x], { axis: axisOf("pad", x, axis), before, after })[0]!;
}

function emitPad(x: Tensor, axis: number, before: number, after: number, emitter: Emitter): string[] {
  const at = (value: number) => x.shape.map((_, i) => (i === axis ? value : 0));
  return emitter.node("Pad", [emitter.name(x), emitter.constant("int64", [...at(before), ...at(after)])]);
}
