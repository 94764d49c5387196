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
    const { product, step } = int8Product(inputs, emitter);
    return emitter.node("Mul", [product, step]);
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
  emit: ({ inputs: [c, ...inputs] }, emitter) => {
    const { product, step } = int8Product(inputs, emitter);
    return emitter.node("GatedAdd", [emitter.name(c!), product, step], { domain: microsoft });
  },
};

/** The product of quantised rows [..., out], still to be multiplied by each row's step [..., 1]. */
function int8Product(inputs: readonly Tensor[], emitter: Emitter): { product: string; step: string } {
  const [, values, scale] = inputs.slice(0, 3).map(emitter.name);
  const { quantized, step } = quantizeRows(inputs[0]!, emitter);
  const [product] = emitter.node(
    "MatMulIntegerToFloat",
    [quantized, values!, emitter.constant("float32", [1], []), scale!, emitter.constant("uint8", [128], [])],
    { domain: microsoft },
  );
  return { product: product!, step };
}

/** x [..., in] times the matrix: [..., out]. */
export function int8Linear(x: Tensor, matrix: QuantizedMatrix): Tensor {
  return x.graph.apply(int8LinearOperation, [x, ...tensorsOf(matrix)], {})[0]!;
}

/** x [..., in] times the matrix, plus c [..., out]. */
export function int8LinearAdd(x: Tensor, matrix: QuantizedMatrix, c: Tensor): Tensor {
  return x.graph.apply(int8LinearAddOperation, [c, x, ...tensorsOf(matrix)], {})[0]!;
}

function tensorsOf({ values, scale, transposed }: QuantizedMatrix): Tensor[] {
  return [values, scale, ...(transposed ? [transposed.values, transposed.scale] : [])];
}

interface QuantizedRows {
  /** uint8 around 128: x ≈ (quantized - 128) * step. */
  quantized: string;
  /** One per row, [..., 1]. */
  step: string;
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
  const [step] = emitter.node("Max", [above!, below!, filled(1e-14)]);
  const middles = emitter.filled("uint8", 128, perRow, largest);
  // Blocks as long as the rows: the one layout of scales whose rows onnxruntime shares out among threads.
  const [quantized] = emitter.node("QuantizeLinear", [name, step!, middles], {
    attributes: { axis: { int: -1 }, block_size: { int: x.shape.at(-1) as number } },
  });
  return { quantized: quantized!, step: step! };
}
