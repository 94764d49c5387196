import {
  shapeError,
  type Emitter,
  type Node,
  type Operation,
  type Tensor,
  type TensorType,
} from "../graph.ts";
import { attention, attentionOperation, mergeHeads, splitHeads } from "./attention.ts";
import { microsoft, requireType, sameShape } from "./infer.ts";
import {
  emitInt8ProductAdd,
  quantizeInSteps,
  type QuantizedMatrix,
  type QuantizedRows,
} from "./quantized.ts";
import { reshape } from "./shape.ts";

/** Operations of text encoders, as few kernels as they can be. Those in int8 have no gradient. */

export const fullAttentionOperation: Operation<{ heads: number }> = {
  name: "fullAttention",
  infer: (inputs, { heads }) => {
    requireType("fullAttention", inputs, "float32");
    const [q, k, v] = inputs;
    const fits = inputs
      .slice(0, 3)
      .every(({ shape }) => shape.length === 3 && (shape[2] as number) % heads === 0);
    if (!fits || q!.shape[2] !== k!.shape[2] || k!.shape[1] !== v!.shape[1]) {
      throw shapeError("fullAttention", inputs, "needs q, k and v of [batch, length, heads * d]");
    }
    return [{ dtype: "float32", shape: [...q!.shape.slice(0, 2), v!.shape[2]!] }];
  },
  gradient: ({ inputs, attributes: { heads } }, [g], wanted) => {
    // The kernel keeps no weights of attention: they are computed again.
    const [q, k, v] = inputs as [Tensor, Tensor, Tensor];
    const batch = q.shape[0] as number;
    const byHead = (x: Tensor) => splitHeads(x, batch, x.shape[1]!, heads);
    const mask = inputs[3] ?? q.graph.constant("float32", [0], [1, 1, 1, 1]);
    const again = attention(byHead(q), byHead(k), byHead(v), mask);
    const source = q.graph.source(again) as { node: Node<{ scale: number }> };
    const [forQ, forK, forV, forMask] = attentionOperation.gradient!(source.node, [byHead(g!)], wanted);
    const together = (x: Tensor | undefined) =>
      x &&
      reshape(mergeHeads(x, batch * (x.shape[2] as number)), [
        batch,
        x.shape[2]!,
        heads * (x.shape[3] as number),
      ]);
    return [together(forQ), together(forK), together(forV), inputs[3] && forMask];
  },
  emit: ({ inputs, attributes: { heads } }, emitter) => {
    const [q, k, v, added] = inputs.map(emitter.name);
    // Between them a bias of the projections and a mask, which it does without.
    const names = [q!, k!, v!, ...(added === undefined ? [] : ["", "", added])];
    return emitter.node("MultiHeadAttention", names, {
      domain: microsoft,
      attributes: { num_heads: { int: heads } },
    });
  },
};

/**
 * Softmax attention in which every token sees every other. q, k, v [batch, length, heads * d], heads side by side;
 * `added` [batch or 1, heads, length, length] is added to the scores.
 */
export function fullAttention(q: Tensor, k: Tensor, v: Tensor, heads: number, added?: Tensor): Tensor {
  return q.graph.apply(fullAttentionOperation, added ? [q, k, v, added] : [q, k, v], { heads })[0]!;
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

/** gelu(x) · W + c, gelu(x) rounded to steps of 1/127 of each row's largest value. */
export const int8LinearOfGeluOperation: Operation = {
  name: "int8LinearOfGelu",
  infer: ([x, values, scale, c]) => {
    const inputs = [x!, values!, scale!, c!];
    const product = inferProduct("int8LinearOfGelu", inputs);
    if (!sameShape(c!.shape, product.shape)) {
      throw shapeError("int8LinearOfGelu", inputs, "needs an addend of the product's shape");
    }
    return [product];
  },
  emit: ({ inputs }, emitter) => {
    const [x, values, scale, c] = inputs as [Tensor, Tensor, Tensor, Tensor];
    return emitInt8ProductAdd(c, quantizeGelu(x, emitter), values, scale, emitter);
  },
};

/** x [1, length, in] and c [1, length, out] to [1, length, out]. Rows differ too much after GELU to share a scale. */
export function int8LinearOfGelu(x: Tensor, { values, scale }: QuantizedMatrix, c: Tensor): Tensor {
  return x.graph.apply(int8LinearOfGeluOperation, [x, values, scale, c], {})[0]!;
}

/** gelu(x), each row in steps of 1/127 of its own largest value. */
function quantizeGelu(x: Tensor, emitter: Emitter): QuantizedRows {
  const [activated] = emitter.node("Gelu", [emitter.name(x)], { domain: microsoft });
  const axis = emitter.constant("int64", [-1]);
  const [largest] = emitter.node("ReduceMax", [activated!, axis], { attributes: { keepdims: { int: 1 } } });
  const perRow = [...x.shape.slice(0, -1), 1];
  const [above] = emitter.node("Mul", [largest!, emitter.filled("float32", 1 / 127, perRow, largest!)]);
  const [step] = emitter.node("Max", [above!, emitter.filled("float32", geluDepth / 127, perRow, largest!)]);
  return quantizeInSteps(x, activated!, step!, emitter);
}

function inferLinear(name: string): Operation["infer"] {
  return (inputs) => {
    const product = inferProduct(name, inputs);
    if (inputs[3]!.shape[0] !== product.shape[2]) throw shapeError(name, inputs, "needs a bias [out]");
    return [product];
  };
}

/** x [1, length, in] times int8 [in, out] with a scale [out]: [1, length, out]. */
function inferProduct(name: string, inputs: readonly TensorType[]): TensorType {
  const [x, values, scale] = inputs;
  const [rows, size] = values!.shape;
  const fits =
    x!.dtype === "float32" &&
    values!.dtype === "int8" &&
    x!.shape.length === 3 &&
    x!.shape[0] === 1 &&
    x!.shape[2] === rows &&
    scale!.shape[0] === size;
  if (!fits) throw shapeError(name, inputs, "needs x [1, length, in], int8 [in, out], scale [out]");
  return { dtype: "float32", shape: [1, x!.shape[1]!, size!] };
}
