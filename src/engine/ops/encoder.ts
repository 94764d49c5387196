import { shapeError, type Emitter, type Operation, type Tensor } from "../graph.ts";
import { emitAs, microsoft, requireType } from "./infer.ts";
import type { QuantizedMatrix } from "./quantized.ts";

/** Operations of text encoders, as few kernels as they can be. They have no gradient. */

export const fullAttentionOperation: Operation<{ heads: number }> = {
  name: "fullAttention",
  infer: (inputs, { heads }) => {
    requireType("fullAttention", inputs, "float32");
    const [q, k, v] = inputs;
    const fits = inputs.every(({ shape }) => shape.length === 3 && (shape[2] as number) % heads === 0);
    if (!fits || q!.shape[2] !== k!.shape[2] || k!.shape[1] !== v!.shape[1]) {
      throw shapeError("fullAttention", inputs, "needs q, k and v of [batch, length, heads * d]");
    }
    return [{ dtype: "float32", shape: [...q!.shape.slice(0, 2), v!.shape[2]!] }];
  },
  emit: (node, emitter) =>
    emitAs("MultiHeadAttention", {
      domain: microsoft,
      attributes: { num_heads: { int: node.attributes.heads } },
    })(node as never, emitter),
};

/** Softmax attention in which every token sees every other. q, k, v [batch, length, heads * d], heads side by side. */
export function fullAttention(q: Tensor, k: Tensor, v: Tensor, heads: number): Tensor {
  return q.graph.apply(fullAttentionOperation, [q, k, v], { heads })[0]!;
}

/** x · W + bias with int8 weights and activations of one scale and zero point for all of x, found when it runs. */
export const int8LinearByTextOperation: Operation = {
  name: "int8LinearByText",
  infer: inferLinear("int8LinearByText"),
  emit: ({ inputs }, emitter) => {
    const [x, values, scale, bias] = inputs.map(emitter.name);
    const [quantized, step, zero] = emitter.node("DynamicQuantizeLinear", [x!], { outputs: 3 });
    return emitter.node("MatMulIntegerToFloat", [quantized!, values!, step!, scale!, zero!, "", bias!], {
      domain: microsoft,
    });
  },
};

/**
 * x [1, length, in] to [1, length, out]. For values of like size in every row (after a layer norm), where this loses
 * little to one scale a row and saves three passes. The text must be alone in x: the scale is shared.
 */
export function int8LinearByText(x: Tensor, { values, scale }: QuantizedMatrix, bias: Tensor): Tensor {
  return x.graph.apply(int8LinearByTextOperation, [x, values, scale, bias], {})[0]!;
}

/** No output of GELU is below this: its minimum is -0.16997 at -0.7518. */
const geluDepth = 0.17;

/** gelu(x) · W + bias, gelu(x) rounded to steps of 1/127 of each row's largest value. */
export const int8LinearOfGeluOperation: Operation = {
  name: "int8LinearOfGelu",
  infer: inferLinear("int8LinearOfGelu"),
  emit: ({ inputs }, emitter) => {
    const [x, values, scale, bias] = inputs.map(emitter.name);
    const [activated] = emitter.node("Gelu", [x!], { domain: microsoft });
    const [quantized, step] = quantizeGeluRows(inputs[0]!, activated!, emitter);
    const one = emitter.constant("float32", [1], []);
    const zero = emitter.constant("uint8", [128], []);
    const [product] = emitter.node("MatMulIntegerToFloat", [quantized, values!, one, scale!, zero], {
      domain: microsoft,
    });
    return emitter.node("Add", [emitter.node("Mul", [product!, step])[0]!, bias!]);
  },
};

/** x [1, length, in] to [1, length, out]. Rows differ too much after GELU to share a scale. */
export function int8LinearOfGelu(x: Tensor, { values, scale }: QuantizedMatrix, bias: Tensor): Tensor {
  return x.graph.apply(int8LinearOfGeluOperation, [x, values, scale, bias], {})[0]!;
}

/** x [1, length, size], named `activated`, as uint8 around 128, and the step of each row [1, length, 1]. */
function quantizeGeluRows(x: Tensor, activated: string, emitter: Emitter): [string, string] {
  const axis = emitter.constant("int64", [-1]);
  const [largest] = emitter.node("ReduceMax", [activated, axis], { attributes: { keepdims: { int: 1 } } });
  const [reach] = emitter.node("Max", [largest!, emitter.constant("float32", [geluDepth], [])]);
  const [step] = emitter.node("Mul", [reach!, emitter.constant("float32", [1 / 127], [])]);
  const middles = emitter.filled("uint8", 128, [...x.shape.slice(0, -1), 1], step!);
  const [quantized] = emitter.node("QuantizeLinear", [activated, step!, middles], {
    attributes: { axis: { int: -1 }, block_size: { int: x.shape.at(-1) as number } },
  });
  return [quantized!, step!];
}

function inferLinear(name: string): Operation["infer"] {
  return (inputs) => {
    const [x, values, scale, bias] = inputs;
    const [rows, size] = values!.shape;
    const fits =
      x!.dtype === "float32" &&
      values!.dtype === "int8" &&
      x!.shape.length === 3 &&
      x!.shape[0] === 1 &&
      x!.shape[2] === rows &&
      scale!.shape[0] === size &&
      bias!.shape[0] === size;
    if (!fits)
      throw shapeError(name, inputs, "needs x [1, length, in], int8 [in, out], scale and bias [out]");
    return [{ dtype: "float32", shape: [1, x!.shape[1]!, size!] }];
  };
}
