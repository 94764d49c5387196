import { shapeError, type Emitter, type Operation, type Tensor } from "../graph.ts";
import { microsoft, sameShape } from "./infer.ts";

/** A frozen matrix as int8 per output channel, with its transpose for the gradient. */
export interface QuantizedMatrix {
  /** int8 [inputs, outputs]; `scale` float32 [outputs]. */
  values: Tensor;
  scale: Tensor;
  /** int8 [outputs, inputs]; `scale` float32 [inputs]. Absent where no gradient is asked for. */
  transposed?: { values: Tensor; scale: Tensor };
}

/**
 * x · W with int8 weights and activations int8 per row: each row is divided by its largest magnitude, rounded to
 * 1/127 steps, multiplied in integers and scaled back. The gradient with respect to x runs the same way on the
 * transpose; the weight has none.
 */
export const int8LinearOperation: Operation = {
  name: "int8Linear",
  infer: (inputs) => {
    const [x, values, scale] = inputs;
    const [rows, size] = values!.shape;
    const fits =
      x!.dtype === "float32" &&
      values!.dtype === "int8" &&
      x!.shape.at(-1) === rows &&
      scale!.shape[0] === size;
    if (!fits) throw shapeError("int8Linear", inputs, "needs x [..., in], int8 [in, out], scale [out]");
    return [{ dtype: "float32", shape: [...x!.shape.slice(0, -1), size!] }];
  },
  gradient: ({ inputs }, [g]) => {
    const [, values, scale, transposedValues, transposedScale] = inputs;
    if (!transposedValues)
      throw shapeError("int8Linear", inputs, "has no transpose to take the gradient with");
    const transposed = { values: values!, scale: scale! };
    return [int8Linear(g!, { values: transposedValues, scale: transposedScale!, transposed })];
  },
  addTo: ({ inputs }, sofar) => sofar.graph.apply(int8LinearAddOperation, [sofar, ...inputs], {})[0],
  emit: ({ inputs }, emitter) => {
    const [x, values, scale] = inputs as [Tensor, Tensor, Tensor];
    const rows = quantizeRows(x, emitter);
    return emitter.node("Mul", [emitInt8Product(rows, values, scale, emitter), rows.step]);
  },
};

/** c + x · W, in one pass less over the result than `add(c, int8Linear(x, W))`. */
export const int8LinearAddOperation: Operation = {
  name: "int8LinearAdd",
  infer: ([c, ...inputs]) => {
    const [product] = int8LinearOperation.infer(inputs, {});
    if (!sameShape(product!.shape, c!.shape)) {
      throw shapeError("int8LinearAdd", [c!, ...inputs], "needs an addend of the product's shape");
    }
    return [product!];
  },
  gradient: (node, [g], [, ...wanted]) => [
    g!,
    ...int8LinearOperation.gradient!({ ...node, inputs: node.inputs.slice(1) }, [g], wanted),
  ],
  emit: ({ inputs }, emitter) => {
    const [c, x, values, scale] = inputs as [Tensor, Tensor, Tensor, Tensor];
    return emitInt8ProductAdd(c, quantizeRows(x, emitter), values, scale, emitter);
  },
};

/** x [..., in] times the matrix, plus c [..., out] where it is given: [..., out]. */
export function int8Linear(x: Tensor, matrix: QuantizedMatrix, c?: Tensor): Tensor {
  const inputs = [x, ...tensorsOf(matrix)];
  const [result] = c
    ? x.graph.apply(int8LinearAddOperation, [c, ...inputs], {})
    : x.graph.apply(int8LinearOperation, inputs, {});
  return result!;
}

function tensorsOf({ values, scale, transposed }: QuantizedMatrix): Tensor[] {
  return [values, scale, ...(transposed ? [transposed.values, transposed.scale] : [])];
}

export interface QuantizedRows {
  /** uint8 around 128: x ≈ (quantized - 128) * step. */
  quantized: string;
  /** One per row, [..., 1]. */
  step: string;
}

/**
 * The product of quantised rows, [..., out], still to be multiplied by each row's step. Where onnxruntime makes int8 weights
 * uint8, it names the new ones after the old, and fails at the second product with the same weights; hence each has its own.
 */
function emitInt8Product(rows: QuantizedRows, values: Tensor, scale: Tensor, emitter: Emitter): string {
  const one = emitter.constant("float32", [1], []);
  const zero = emitter.constant("uint8", [128], []);
  return emitter.node(
    "MatMulIntegerToFloat",
    [rows.quantized, emitter.nameFor(rows.quantized, values), one, emitter.name(scale), zero],
    { domain: microsoft },
  )[0]!;
}

/** c + rows · W, the rows scaled back as they are added. */
export function emitInt8ProductAdd(
  c: Tensor,
  rows: QuantizedRows,
  values: Tensor,
  scale: Tensor,
  emitter: Emitter,
): string[] {
  const product = emitInt8Product(rows, values, scale, emitter);
  return emitter.node("GatedAdd", [emitter.name(c), product, rows.step], { domain: microsoft });
}

/** Each row in steps of 1/127 of its own largest magnitude. */
function quantizeRows(x: Tensor, emitter: Emitter): QuantizedRows {
  const name = emitter.name(x);
  const perRow = [...x.shape.slice(0, -1), 1];
  const extreme = (reduce: string): string =>
    emitter.node(reduce, [name, emitter.constant("int64", [-1])], {
      attributes: { keepdims: { int: 1 } },
    })[0]!;
  const [largest, smallest] = [extreme("ReduceMax"), extreme("ReduceMin")];
  // One value a row and not a scalar: with a scalar, onnxruntime takes several times as long over a thousand rows.
  const filled = (value: number): string => emitter.filled("float32", value, perRow, largest);
  const [above] = emitter.node("Mul", [largest, filled(1 / 127)]);
  const [below] = emitter.node("Mul", [smallest, filled(-1 / 127)]);
  // Not 0, by which a row of zeros could not be divided.
  const [step] = emitter.node("Max", [above!, below!, filled(1e-14)]);
  return quantizeInSteps(x, name, step!, emitter);
}

/** Rows of x's shape, named `name`, in steps of the given size, [..., 1]. */
export function quantizeInSteps(x: Tensor, name: string, step: string, emitter: Emitter): QuantizedRows {
  const middles = emitter.filled("uint8", 128, [...x.shape.slice(0, -1), 1], step);
  // Blocks as long as the rows: the one layout of scales whose rows onnxruntime shares out among threads.
  const [quantized] = emitter.node("QuantizeLinear", [name, step, middles], {
    attributes: { axis: { int: -1 }, block_size: { int: x.shape.at(-1) as number } },
  });
  return { quantized: quantized!, step };
}
