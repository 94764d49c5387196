import { shapeError, type Emitter, type Operation, type Tensor } from "../graph.ts";
import { microsoft } from "./infer.ts";

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
  emit: ({ inputs }, emitter) => {
    const [x, values, scale] = inputs.slice(0, 3).map(emitter.name);
    const [quantized, largest] = quantizeRows(x!, emitter);
    const [product] = emitter.node(
      "MatMulIntegerToFloat",
      [
        quantized!,
        values!,
        emitter.constant("float32", [1 / 127], []),
        scale!,
        emitter.constant("uint8", [128], []),
      ],
      { domain: microsoft },
    );
    return emitter.node("Mul", [product!, largest!]);
  },
};

/** x [..., in] times the matrix: [..., out]. */
export function int8Linear(x: Tensor, matrix: QuantizedMatrix): Tensor {
  const { values, scale, transposed } = matrix;
  const back = transposed ? [transposed.values, transposed.scale] : [];
  return x.graph.apply(int8LinearOperation, [x, values, scale, ...back], {})[0]!;
}

/** Rows as uint8 around 128 in steps of 1/127 of each row's largest magnitude, and those magnitudes. */
function quantizeRows(x: string, emitter: Emitter): [string, string] {
  const axis = emitter.constant("int64", [-1]);
  const [magnitude] = emitter.node("Abs", [x]);
  const [peak] = emitter.node("ReduceMax", [magnitude!, axis], { attributes: { keepdims: { int: 1 } } });
  const [largest] = emitter.node("Add", [peak!, emitter.constant("float32", [1e-12], [])]);
  const [unit] = emitter.node("Div", [x, largest!]);
  const [quantized] = emitter.node("QuantizeLinear", [
    unit!,
    emitter.constant("float32", [1 / 127], []),
    emitter.constant("uint8", [128], []),
  ]);
  return [quantized!, largest!];
}
