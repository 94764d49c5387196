import { shapeError, type Emitter, type Operation, type Tensor } from "../graph.ts";
import { add, and, greaterOrEqual, multiply, negate, subtract, where } from "./elementwise.ts";
import { microsoft, requireType } from "./infer.ts";
import { matmul } from "./matmul.ts";
import { concat, reshape, slice, split, sum, sumTo, transpose } from "./shape.ts";

export const rotaryOperation: Operation = {
  name: "rotary",
  infer: (inputs) => {
    const [x, positions, cosines] = inputs;
    const [batch, , length, size] = x!.shape;
    const fits =
      x!.shape.length === 4 &&
      positions!.shape[0] === batch &&
      positions!.shape[1] === length &&
      cosines!.shape[1] === (size as number) / 2;
    if (!fits)
      throw shapeError("rotary", inputs, "needs x [b, heads, t, d], positions [b, t], tables [max, d/2]");
    return [x!];
  },
  gradient: ({ inputs: [, positions, cosines, sines] }, [g]) => [
    rotary(g!, positions!, cosines!, negate(sines!)),
    undefined,
    undefined,
    undefined,
  ],
  emit: ({ inputs }, emitter) =>
    emitter.node("RotaryEmbedding", inputs.map(emitter.name), { domain: microsoft }),
};

/**
 * Rotary position embedding (https://arxiv.org/abs/2104.09864), the two halves of a head being the pairs.
 * x [batch, heads, length, d], positions [batch, length] int64, cosines and sines [max position, r/2]: the first r
 * elements of a head are turned, all of them by default.
 */
export function rotary(x: Tensor, positions: Tensor, cosines: Tensor, sines: Tensor): Tensor {
  const [size, turned] = [x.shape[3] as number, 2 * (cosines.shape[1] as number)];
  if (turned === size) return x.graph.apply(rotaryOperation, [x, positions, cosines, sines], {})[0]!;
  const [first, rest] = split(x, 3, [turned, size - turned]);
  return concat([rotary(first!, positions, cosines, sines), rest!], 3);
}

export const attentionOperation: Operation<{ scale: number }> = {
  name: "attention",
  infer: (inputs) => {
    requireType("attention", inputs, "float32");
    const [q, k, v] = inputs;
    const [batch, heads, length, size] = q!.shape;
    const [, keyHeads, keys] = k!.shape;
    const grouped = typeof heads === "number" && typeof keyHeads === "number" && heads % keyHeads === 0;
    if (!grouped || k!.shape[3] !== size || v!.shape[2] !== keys) {
      throw shapeError("attention", inputs, "needs q [b, h, t, d], k and v [b, h / n, s, d]");
    }
    return [
      { dtype: "float32", shape: [batch!, heads, length!, v!.shape[3]!] },
      { dtype: "float32", shape: [batch!, heads, length!, keys!] },
    ];
  },
  gradient: ({ inputs, outputs, attributes: { scale: alpha } }, [g], wanted) => {
    const [q, k, v] = inputs as [Tensor, Tensor, Tensor, Tensor];
    const [output, weights] = outputs as [Tensor, Tensor];
    const groups = k.shape[1] as number;
    const groupG = group(g!, groups);
    const groupWeights = group(weights, groups);
    const forV = () => matmul(groupWeights, groupG, { transposeA: true });
    if (!wanted[0] && !wanted[1] && !wanted[3]) return [undefined, undefined, forV(), undefined];
    // Softmax's gradient needs sum(p * dp) a row, which is sum(do * o): far fewer products.
    const rowSum = sum(multiply(groupG, group(output, groups)), [-1], true);
    const change = subtract(matmul(groupG, v, { transposeB: true }), rowSum);
    const scores = multiply(groupWeights, change);
    const forMask = () => sumTo(reshape(scores, weights.shape), inputs[3]!.shape);
    return [
      wanted[0] ? reshape(matmul(scores, k, { alpha }), q.shape) : undefined,
      wanted[1] ? matmul(scores, group(q, groups), { transposeA: true, alpha }) : undefined,
      wanted[2] ? forV() : undefined,
      wanted[3] ? forMask() : undefined,
    ];
  },
  emit: ({ inputs, outputs, attributes: { scale } }, emitter) => {
    const [q, k, v, mask] = inputs as [Tensor, Tensor, Tensor, Tensor];
    const [batch, heads, , size] = q.shape as [number | string, number, number | string, number];
    const groups = k.shape[1] as number;
    // Unknown sizes stay where they are (0) but for the rows of a group, which are inferred (-1).
    const first = typeof batch === "number" ? batch : 0;
    const rows = (last: number) => emitter.constant("int64", [first, groups, -1, last]);
    const known = (dim: number | string, otherwise: number) => (typeof dim === "number" ? dim : otherwise);
    const keys = known(k.shape[2]!, 0);
    const [grouped] =
      heads === groups ? [emitter.name(q)] : emitter.node("Reshape", [emitter.name(q), rows(size)]);
    const [scores] = emitter.node("FusedMatMul", [grouped!, emitter.name(k)], {
      domain: microsoft,
      attributes: { transB: { int: 1 }, alpha: { float: scale } },
    });
    const perHead = emitter.constant("int64", [first, heads, -1, keys]);
    const [byHead] = heads === groups ? [scores!] : emitter.node("Reshape", [scores!, perHead]);
    const [masked] = emitter.node("Add", [byHead!, emitter.name(mask)]);
    const [weights] = emitter.node("Softmax", [raiseFloor(masked!, emitter)], {
      attributes: { axis: { int: -1 } },
    });
    const [byGroup] =
      heads === groups
        ? [weights!]
        : emitter.node("Reshape", [weights!, emitter.constant("int64", [first, groups, -1, keys])]);
    const [mixed] = emitter.node("MatMul", [byGroup!, emitter.name(v)]);
    const width = outputs[0]!.shape[3] as number;
    const [output] =
      heads === groups
        ? [mixed!]
        : emitter.node("Reshape", [mixed!, emitter.constant("int64", [first, heads, -1, width])]);
    return [output!, weights!];
  },
};

/**
 * Lifts scores to at least 50 below the largest of their row. Their weights, at most e^-50 of the largest, are lost in
 * float32 either way; but the weight of a blocked score would be a denormal number, and those make softmax and the
 * products of the gradient several times slower.
 */
function raiseFloor(scores: string, emitter: Emitter): string {
  const axis = emitter.constant("int64", [-1]);
  const [largest] = emitter.node("ReduceMax", [scores, axis], { attributes: { keepdims: { int: 1 } } });
  const [floor] = emitter.node("Sub", [largest!, emitter.constant("float32", [50], [])]);
  return emitter.node("Max", [scores, floor!])[0]!;
}

/**
 * Softmax attention with grouped queries (https://arxiv.org/abs/2305.13245): q [b, h, t, d], k and v [b, h / n, s, d],
 * mask added to the scores and broadcast to [b, h, t, s].
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor, scale = usualScale(q)): Tensor {
  return q.graph.apply(attentionOperation, [q, k, v, mask], { scale })[0]!;
}

/** 1 / sqrt(d). */
const usualScale = ({ shape }: Tensor): number => 1 / Math.sqrt(shape.at(-1) as number);

/** [b, h, t, d] seen as [b, groups, h / groups * t, d]. */
function group(x: Tensor, groups: number): Tensor {
  const [batch, heads, length, size] = x.shape;
  if (heads === groups) return x;
  return reshape(x, [batch!, groups, ((heads as number) / groups) * (length as number), size!]);
}

/** x [batch * length, heads * d] as [batch, heads, length, d]. */
export function splitHeads(
  x: Tensor,
  batch: number | string,
  length: number | string,
  heads: number,
): Tensor {
  const size = (x.shape.at(-1) as number) / heads;
  return transpose(reshape(x, [batch, length, heads, size]), [0, 2, 1, 3]);
}

/**
 * The mask of sequences packed into rows in which every token sees its own sequence: starts and ends [b, t] int64, the
 * places in the row of each token's first neighbour and after its last. Returns [b, 1, t, t] for `attention`.
 */
export function packedMask(starts: Tensor, ends: Tensor): Tensor {
  const [batch, length] = starts.shape as [number, number];
  const places = (from: number) =>
    starts.graph.constant(
      "int64",
      Array.from({ length }, (_, place) => from + place),
      [1, 1, length],
    );
  const perQuery = (x: Tensor) => reshape(x, [batch, length, 1]);
  const seen = and(greaterOrEqual(places(0), perQuery(starts)), greaterOrEqual(perQuery(ends), places(1)));
  return reshape(where(seen, 0, blocked), [batch, 1, length, length]);
}

/** The way back: [batch, heads, length, d] as [batch * length, heads * d]. */
export function mergeHeads(x: Tensor, rows: number | string): Tensor {
  const [, heads, , size] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [rows, (heads as number) * (size as number)]);
}

const blocked = -1e9;

/** Queries that attend together. Keys after the last of them are left out, which saves nearly half of the work. */
const blockLength = 128;

/**
 * Additive masks for sequences packed into rows, where sequences that begin alike may share their beginning: a token
 * sees itself, and an earlier token as long as it lies before that one's end.
 * ends [b, t] int64, fixed t: the place in the row after the last token that sees this one. With a window of n tokens a
 * token sees itself and those less than n before it in its own sequence: positions [b, t] int64.
 *
 * Returns the mask of each block of queries for `causalAttention`, [b, 1, queries, keys up to the last of them].
 */
export function packedCausalMasks(ends: Tensor, window?: { tokens: number; positions: Tensor }): Tensor[] {
  const [batch, length] = ends.shape as [number | string, number];
  const places = (from: number, to: number) =>
    ends.graph.constant(
      "int64",
      Array.from({ length: to - from }, (_, place) => from + place),
    );
  let from = 0;
  return blockSizes(length).map((size) => {
    const to = from + size;
    const earlier = greaterOrEqual(reshape(places(from, to), [size, 1]), reshape(places(0, to), [1, to]));
    const open = greaterOrEqual(
      reshape(keysUpTo(ends, 1, to), [batch, 1, to]),
      reshape(places(from + 1, to + 1), [1, size, 1]),
    );
    const near = window && withinWindow(window, from, to);
    from = to;
    const seen = and(earlier, open);
    return reshape(where(near ? and(seen, near) : seen, 0, blocked), [batch, 1, size, to]);
  });
}

/** Whether a query of places `from` to `to` and an earlier key are less than a window apart, [b, queries, keys]. */
function withinWindow(
  { tokens, positions }: { tokens: number; positions: Tensor },
  from: number,
  to: number,
): Tensor {
  const [batch] = positions.shape;
  const keys = reshape(keysUpTo(positions, 1, to), [batch!, 1, to]);
  const queries = reshape(slice(positions, 1, from, to), [batch!, to - from, 1]);
  return greaterOrEqual(add(keys, positions.graph.constant("int64", tokens - 1)), queries);
}

/** As `attention`, for the masks of `packedCausalMasks`: q [b, h, t, d], k and v [b, h / n, t, d]. */
export function causalAttention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  masks: readonly Tensor[],
  scale = usualScale(q),
): Tensor {
  const queries = split(q, 2, blockSizes(q.shape[2] as number));
  const outputs = masks.map((mask, i) => {
    const to = mask.shape[3] as number;
    return attention(queries[i]!, keysUpTo(k, 2, to), keysUpTo(v, 2, to), mask, scale);
  });
  return concat(outputs, 2);
}

/** Sizes of the blocks, alike but for rounding. */
function blockSizes(length: number): number[] {
  const count = Math.ceil(length / blockLength);
  const edge = (block: number) => Math.round((block * length) / count);
  return Array.from({ length: count }, (_, block) => edge(block + 1) - edge(block));
}

const keysUpTo = (x: Tensor, axis: number, to: number): Tensor =>
  x.shape[axis] === to ? x : slice(x, axis, 0, to);
