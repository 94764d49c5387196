import { shapeError, type Node, type Operation, type Tensor, type TensorType, type Dim } from "../graph.ts";
import { broadcast, emitAs, microsoft, requireType, sameShape } from "./infer.ts";
import { sumTo } from "./shape.ts";

/** Operations on each element, with NumPy broadcasting for two operands. A number stands for a float32 constant. */

type Operand = Tensor | number;

function inferBinary(name: string): (inputs: readonly TensorType[]) => TensorType[] {
  return (inputs) => {
    const [a, b] = inputs;
    if (a!.dtype !== b!.dtype) throw shapeError(name, inputs, "the element types differ");
    return [{ dtype: a!.dtype, shape: broadcast(name, inputs) }];
  };
}

function inferUnary(name: string): (inputs: readonly TensorType[]) => TensorType[] {
  return (inputs) => {
    requireType(name, inputs, "float32");
    return [inputs[0]!];
  };
}

/** Undoes broadcasting on the gradients that are wanted. */
function toInputs(
  node: Node,
  wanted: readonly boolean[],
  gradients: (() => Tensor)[],
): (Tensor | undefined)[] {
  return node.inputs.map((input, i) => (wanted[i] ? sumTo(gradients[i]!(), input.shape) : undefined));
}

export const addOperation: Operation = {
  name: "add",
  infer: inferBinary("add"),
  gradient: (node, [g], wanted) => toInputs(node, wanted, [() => g!, () => g!]),
  emit: emitAs("Add"),
};

export const subtractOperation: Operation = {
  name: "subtract",
  infer: inferBinary("subtract"),
  gradient: (node, [g], wanted) => toInputs(node, wanted, [() => g!, () => negate(g!)]),
  emit: emitAs("Sub"),
};

export const multiplyOperation: Operation = {
  name: "multiply",
  infer: inferBinary("multiply"),
  gradient: (node, [g], wanted) => {
    const [a, b] = node.inputs;
    return toInputs(node, wanted, [() => multiply(g!, b!), () => multiply(g!, a!)]);
  },
  addTo: ({ inputs: [a, b] }, sofar) =>
    sameShape(a!.shape, sofar.shape) && sameShape(b!.shape, rowScale(a!))
      ? addScaledRows(sofar, a!, b!)
      : undefined,
  emit: emitAs("Mul"),
};

/** x + y * scale, in one pass. */
export const addScaledRowsOperation: Operation = {
  name: "addScaledRows",
  infer: (inputs) => {
    requireType("addScaledRows", inputs, "float32");
    const [x, y, scale] = inputs;
    if (!sameShape(x!.shape, y!.shape) || !sameShape(scale!.shape, rowScale(x!))) {
      throw shapeError("addScaledRows", inputs, "needs two equal shapes [..., size] and a scale [..., 1]");
    }
    return [x!];
  },
  gradient: ({ inputs: [, y, scale] }, [g], wanted) => [
    wanted[0] ? g! : undefined,
    wanted[1] ? multiply(g!, scale!) : undefined,
    wanted[2] ? sumTo(multiply(g!, y!), scale!.shape) : undefined,
  ],
  addTo: ({ inputs: [x, y, scale] }, sofar) => addScaledRows(accumulate(sofar, x!), y!, scale!),
  emit: emitAs("GatedAdd", { domain: microsoft }),
};

const rowScale = ({ shape }: TensorType): Dim[] => [...shape.slice(0, -1), 1];

export const divideOperation: Operation = {
  name: "divide",
  infer: inferBinary("divide"),
  gradient: (node, [g], wanted) => {
    const [, b] = node.inputs;
    const [y] = node.outputs;
    return toInputs(node, wanted, [() => divide(g!, b!), () => negate(divide(multiply(g!, y!), b!))]);
  },
  emit: emitAs("Div"),
};

export const negateOperation: Operation = {
  name: "negate",
  infer: inferUnary("negate"),
  gradient: (_, [g]) => [negate(g!)],
  emit: emitAs("Neg"),
};

export const exponentialOperation: Operation = {
  name: "exponential",
  infer: inferUnary("exponential"),
  gradient: ({ outputs: [y] }, [g]) => [multiply(g!, y!)],
  emit: emitAs("Exp"),
};

export const logarithmOperation: Operation = {
  name: "logarithm",
  infer: inferUnary("logarithm"),
  gradient: ({ inputs: [x] }, [g]) => [divide(g!, x!)],
  emit: emitAs("Log"),
};

export const squareRootOperation: Operation = {
  name: "squareRoot",
  infer: inferUnary("squareRoot"),
  gradient: ({ outputs: [y] }, [g]) => [divide(multiply(g!, 0.5), y!)],
  emit: emitAs("Sqrt"),
};

export const sigmoidOperation: Operation = {
  name: "sigmoid",
  infer: inferUnary("sigmoid"),
  gradient: ({ outputs: [y] }, [g]) => [multiply(g!, multiply(y!, subtract(1, y!)))],
  emit: emitAs("Sigmoid"),
};

export const tanhOperation: Operation = {
  name: "tanh",
  infer: inferUnary("tanh"),
  gradient: ({ outputs: [y] }, [g]) => [multiply(g!, subtract(1, multiply(y!, y!)))],
  emit: emitAs("Tanh"),
};

/** silu(gate) * up; the second output is silu(gate), which the gradient needs. */
export const swigluOperation: Operation = {
  name: "swiglu",
  infer: (inputs) => {
    requireType("swiglu", inputs, "float32");
    const [gate, up] = inputs;
    if (!sameShape(gate!.shape, up!.shape)) throw shapeError("swiglu", inputs, "needs two equal shapes");
    return [gate!, gate!];
  },
  gradient: ({ inputs: [gate, up], outputs: [, activated] }, [g]) => {
    const forUp = multiply(g!, activated!);
    // g (s + silu (1 - s)), s = sigmoid(gate), in the form that takes the fewest passes.
    const forActivated = add(forUp, multiply(sigmoid(gate!), subtract(g!, forUp)));
    return [multiply(up!, forActivated), forUp];
  },
  emit: ({ inputs }, emitter) => {
    const [gate, up] = inputs.map(emitter.name);
    // x * sigmoid(x) in one pass is QuickGelu with alpha 1.
    const [activated] = emitter.node("QuickGelu", [gate!], {
      domain: microsoft,
      attributes: { alpha: { float: 1 } },
    });
    return [...emitter.node("Mul", [activated!, up!]), activated!];
  },
};

/** x * Phi(x) with the exact normal distribution (https://arxiv.org/abs/1606.08415). */
export const geluOperation: Operation = {
  name: "gelu",
  infer: inferUnary("gelu"),
  gradient: ({ inputs: [x] }, [g]) => {
    const cumulative = multiply(add(errorFunction(multiply(x!, Math.SQRT1_2)), 1), 0.5);
    const density = multiply(exponential(multiply(multiply(x!, x!), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return [multiply(g!, add(cumulative, multiply(x!, density)))];
  },
  emit: emitAs("Gelu", { domain: microsoft }),
};

/** The approximation of GELU by tanh: x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). */
export const geluTanhOperation: Operation = {
  name: "geluTanh",
  infer: inferUnary("geluTanh"),
  gradient: ({ inputs: [x] }, [g]) => {
    const square = multiply(x!, x!);
    const inner = multiply(multiply(x!, add(multiply(square, 0.044715), 1)), Math.sqrt(2 / Math.PI));
    const slope = multiply(add(multiply(square, 3 * 0.044715), 1), Math.sqrt(2 / Math.PI));
    const t = tanh(inner);
    const rising = multiply(multiply(x!, subtract(1, multiply(t, t))), slope);
    return [multiply(g!, multiply(add(add(t, 1), rising), 0.5))];
  },
  emit: ({ inputs: [x] }, emitter) =>
    emitter.node("Gelu", [emitter.name(x!)], { attributes: { approximate: { string: "tanh" } } }),
};

export const errorFunctionOperation: Operation = {
  name: "errorFunction",
  infer: inferUnary("errorFunction"),
  gradient: ({ inputs: [x] }, [g]) => [
    multiply(g!, multiply(exponential(negate(multiply(x!, x!))), 2 / Math.sqrt(Math.PI))),
  ],
  emit: emitAs("Erf"),
};

/** log(1 + e^x) without overflow: the negative log of sigmoid(-x). */
export const softplusOperation: Operation = {
  name: "softplus",
  infer: inferUnary("softplus"),
  gradient: ({ inputs: [x] }, [g]) => [multiply(g!, sigmoid(x!))],
  emit: emitAs("Softplus"),
};

/** The same values, which gradients do not pass. */
export const detachOperation: Operation = {
  name: "detach",
  infer: (inputs) => [inputs[0]!],
  gradient: () => [undefined],
  emit: ({ inputs: [x] }, emitter) => [emitter.name(x!)],
};

export const maximumOperation: Operation = {
  name: "maximum",
  infer: inferBinary("maximum"),
  gradient: (node, [g], wanted) => {
    const isFirst = greaterOrEqual(node.inputs[0]!, node.inputs[1]!);
    return toInputs(node, wanted, [() => where(isFirst, g!, 0), () => where(isFirst, 0, g!)]);
  },
  emit: emitAs("Max"),
};

export const greaterOrEqualOperation: Operation = {
  name: "greaterOrEqual",
  infer: (inputs) => [{ dtype: "bool", shape: broadcast("greaterOrEqual", inputs) }],
  emit: emitAs("GreaterOrEqual"),
};

export const andOperation: Operation = {
  name: "and",
  infer: inferBinary("and"),
  emit: emitAs("And"),
};

export const whereOperation: Operation = {
  name: "where",
  infer: (inputs) => [{ dtype: inputs[1]!.dtype, shape: broadcast("where", inputs) }],
  gradient: ({ inputs: [condition, a, b] }, [g], wanted) => [
    undefined,
    wanted[1] ? sumTo(where(condition!, g!, 0), a!.shape) : undefined,
    wanted[2] ? sumTo(where(condition!, 0, g!), b!.shape) : undefined,
  ],
  emit: emitAs("Where"),
};

function binary(operation: Operation, a: Operand, b: Operand): Tensor {
  const graph = typeof a === "number" ? (b as Tensor).graph : a.graph;
  const operands = [a, b].map((x) => (typeof x === "number" ? graph.constant("float32", x) : x));
  return graph.apply(operation, operands, {})[0]!;
}

function unary(operation: Operation, x: Tensor): Tensor {
  return x.graph.apply(operation, [x], {})[0]!;
}

export const add = (a: Operand, b: Operand): Tensor => binary(addOperation, a, b);
export const subtract = (a: Operand, b: Operand): Tensor => binary(subtractOperation, a, b);
export const multiply = (a: Operand, b: Operand): Tensor => binary(multiplyOperation, a, b);
export const divide = (a: Operand, b: Operand): Tensor => binary(divideOperation, a, b);
export const maximum = (a: Operand, b: Operand): Tensor => binary(maximumOperation, a, b);
export const greaterOrEqual = (a: Tensor, b: Tensor): Tensor => binary(greaterOrEqualOperation, a, b);
export const and = (a: Tensor, b: Tensor): Tensor => binary(andOperation, a, b);
export const negate = (x: Tensor): Tensor => unary(negateOperation, x);
export const exponential = (x: Tensor): Tensor => unary(exponentialOperation, x);
export const logarithm = (x: Tensor): Tensor => unary(logarithmOperation, x);
export const squareRoot = (x: Tensor): Tensor => unary(squareRootOperation, x);
export const sigmoid = (x: Tensor): Tensor => unary(sigmoidOperation, x);
export const tanh = (x: Tensor): Tensor => unary(tanhOperation, x);
/** silu(gate) * up, the gated unit of https://arxiv.org/abs/2002.05202. */
export const swiglu = (gate: Tensor, up: Tensor): Tensor =>
  gate.graph.apply(swigluOperation, [gate, up], {})[0]!;
export const geluTanh = (x: Tensor): Tensor => unary(geluTanhOperation, x);
export const gelu = (x: Tensor): Tensor => unary(geluOperation, x);
export const softplus = (x: Tensor): Tensor => unary(softplusOperation, x);
export const detach = (x: Tensor): Tensor => unary(detachOperation, x);
export const errorFunction = (x: Tensor): Tensor => unary(errorFunctionOperation, x);

/** x + y * scale for x and y [..., size], scale [..., 1]. */
export const addScaledRows = (x: Tensor, y: Tensor, scale: Tensor): Tensor =>
  x.graph.apply(addScaledRowsOperation, [x, y, scale], {})[0]!;

/** The sum of two tensors; where the operation that makes the second can add as it goes, in one pass less. */
export function accumulate(sofar: Tensor, gradient: Tensor): Tensor {
  const source = gradient.graph.source(gradient);
  const fused = "node" in source ? source.node.operation.addTo?.(source.node, sofar) : undefined;
  return fused ?? add(sofar, gradient);
}

/** `a` where `condition` (bool) holds, else `b`. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const [x, y] = [a, b].map((v) => (typeof v === "number" ? condition.graph.constant("float32", v) : v));
  return condition.graph.apply(whereOperation, [condition, x!, y!], {})[0]!;
}
