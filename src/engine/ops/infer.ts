import {
  shapeError,
  type DataType,
  type Dim,
  type Emitter,
  type Node,
  type OnnxAttribute,
  type TensorType,
} from "../graph.ts";

/** The shape that two shapes broadcast to, by NumPy's rule. */
export function broadcast(operation: string, inputs: readonly TensorType[]): Dim[] {
  const rank = Math.max(...inputs.map(({ shape }) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let result: Dim = 1;
    for (const { shape } of inputs) {
      const dim = shape[shape.length - rank + axis] ?? 1;
      if (dim === 1 || dim === result) continue;
      if (result !== 1) throw shapeError(operation, inputs, "the shapes do not broadcast");
      result = dim;
    }
    return result;
  });
}

export function requireType(operation: string, inputs: readonly TensorType[], dtype: DataType): void {
  if (inputs.some((input) => input.dtype !== dtype))
    throw shapeError(operation, inputs, `takes ${dtype} only`);
}

/** An axis counted from the end is made to count from the start. */
export function axisOf(operation: string, input: TensorType, axis: number): number {
  const positive = axis < 0 ? axis + input.shape.length : axis;
  if (positive < 0 || positive >= input.shape.length)
    throw shapeError(operation, [input], `has no axis ${axis}`);
  return positive;
}

/** Sizes that must be known when the graph is built. */
export function fixed(operation: string, type: TensorType): number[] {
  if (type.shape.some((dim) => typeof dim === "string")) {
    throw shapeError(operation, [type], "needs fixed sizes here");
  }
  return type.shape as number[];
}

export function sameShape(a: readonly Dim[], b: readonly Dim[]): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** The emission of an operation that is one ONNX node on the same inputs. */
export function emitAs(
  type: string,
  options: { domain?: string; attributes?: Readonly<Record<string, OnnxAttribute>> } = {},
): (node: Node<never>, emitter: Emitter) => string[] {
  return (node, emitter) =>
    emitter.node(type, node.inputs.map(emitter.name), { ...options, outputs: node.outputs.length });
}

export const microsoft = "com.microsoft";
