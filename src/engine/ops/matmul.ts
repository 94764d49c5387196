import { shapeError, type Operation, type Tensor } from "../graph.ts";
import { broadcast, microsoft, requireType, sameShape } from "./infer.ts";
import { reshape, sum, sumTo, transpose } from "./shape.ts";

export interface MatmulOptions {
  /** Swap the last two axes of `a` before multiplying. */
  transposeA?: boolean;
  transposeB?: boolean;
  /** The product is multiplied by this. */
  alpha?: number;
}

type MatmulAttributes = { transposeA: boolean; transposeB: boolean; alpha: number };

export const matmulOperation: Operation<MatmulAttributes> = {
  name: "matmul",
  infer: (inputs, { transposeA, transposeB }) => {
    requireType("matmul", inputs, "float32");
    const [a, b] = inputs;
    if (a!.shape.length < 2 || b!.shape.length < 2)
      throw shapeError("matmul", inputs, "needs two axes or more");
    const [rows, inner] = lastTwo(a!.shape, transposeA);
    const [innerB, columns] = lastTwo(b!.shape, transposeB);
    if (inner !== innerB) throw shapeError("matmul", inputs, `the inner sizes ${inner} and ${innerB} differ`);
    const batch = broadcast(
      "matmul",
      inputs.map(({ dtype, shape }) => ({ dtype, shape: shape.slice(0, -2) })),
    );
    return [{ dtype: "float32", shape: [...batch, rows!, columns!] }];
  },
  gradient: ({ inputs, attributes: { transposeA, transposeB, alpha } }, [g], wanted) => {
    const [a, b] = inputs as [Tensor, Tensor];
    const forA = () =>
      transposeA
        ? matmul(b, g!, { transposeA: transposeB, transposeB: true, alpha })
        : matmul(g!, b, { transposeB: !transposeB, alpha });
    const forB = () => {
      if (transposeA)
        return transposeB
          ? matmul(g!, a, { transposeA: true, transposeB: true, alpha })
          : matmul(a, g!, { alpha });
      if (!transposeB) return productOverRows(a, g!, alpha);
      return isNarrower(a, g!) ? swapLast(productOverRows(a, g!, alpha)) : productOverRows(g!, a, alpha);
    };
    return [wanted[0] ? sumTo(forA(), a.shape) : undefined, wanted[1] ? sumTo(forB(), b.shape) : undefined];
  },
  addTo: ({ inputs: [a, b], attributes }, sofar) =>
    sofar.shape.length === 2 ? matmulAdd(a!, b!, sofar, attributes) : undefined,
  emit: ({ inputs, attributes: { transposeA, transposeB, alpha } }, emitter) => {
    const names = inputs.map(emitter.name);
    if (!transposeA && !transposeB && alpha === 1) return emitter.node("MatMul", names);
    return emitter.node("FusedMatMul", names, {
      domain: microsoft,
      attributes: {
        transA: { int: transposeA ? 1 : 0 },
        transB: { int: transposeB ? 1 : 0 },
        alpha: { float: alpha },
      },
    });
  },
};

/**
 * aᵀ · b times alpha. The gradient of an adapter's matrix is the product of a narrow and a wide matrix over many rows:
 * onnxruntime packs b in panels of the product's depth, and takes twice as long as for the sum of products that are 64
 * rows deep.
 */
function productOverRows(a: Tensor, b: Tensor, alpha: number): Tensor {
  const rows = blockRows(a, b);
  const cut = (x: Tensor) => (rows ? reshape(x, [(x.shape[0] as number) / rows, rows, x.shape[1]!]) : x);
  const product = matmul(cut(a), cut(b), { transposeA: true, alpha });
  return rows ? sum(product, [0]) : product;
}

/** How many rows at a time aᵀ · b is better made of; undefined for all at once. */
function blockRows({ shape: a }: Tensor, { shape: b }: Tensor): number | undefined {
  const [rows, narrow] = a;
  const wide = b[1];
  if (a.length !== 2 || b.length !== 2) return undefined;
  if (typeof rows !== "number" || typeof narrow !== "number" || typeof wide !== "number") return undefined;
  if (narrow > 32 || wide < 384) return undefined;
  return [64, 56, 48, 40, 32].find((size) => rows % size === 0 && rows > size);
}

/** onnxruntime packs a transposed left operand slowly: it should be the narrower one. */
function isNarrower(a: Tensor, b: Tensor): boolean {
  const [columnsOfA, columnsOfB] = [a.shape.at(-1), b.shape.at(-1)];
  return typeof columnsOfA === "number" && typeof columnsOfB === "number" && columnsOfA < columnsOfB;
}

function swapLast(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), ...axes.slice(-2).reverse()]);
}

/** Matrix product over the last two axes; the others broadcast. */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, alpha = 1 } = options;
  return a.graph.apply(matmulOperation, [a, b], { transposeA, transposeB, alpha })[0]!;
}

/** c + a · b for matrices, in one pass less over the result than `add(c, matmul(a, b))`. */
export const matmulAddOperation: Operation<MatmulAttributes> = {
  name: "matmulAdd",
  infer: ([a, b, c], attributes) => {
    const [product] = matmulOperation.infer([a!, b!], attributes);
    if (product!.shape.length !== 2 || !sameShape(product!.shape, c!.shape)) {
      throw shapeError("matmulAdd", [a!, b!, c!], "needs matrices, the last as large as the product");
    }
    return [product!];
  },
  gradient: (node, gradients, [forA, forB]) => [
    ...matmulOperation.gradient!({ ...node, inputs: node.inputs.slice(0, 2) }, gradients, [forA!, forB!]),
    gradients[0],
  ],
  emit: ({ inputs, attributes: { transposeA, transposeB, alpha } }, emitter) =>
    emitter.node("Gemm", inputs.map(emitter.name), {
      attributes: {
        transA: { int: transposeA ? 1 : 0 },
        transB: { int: transposeB ? 1 : 0 },
        alpha: { float: alpha },
      },
    }),
};

/** a [m, k] times b [k, n], either transposed if so asked, plus c [m, n]. */
export function matmulAdd(a: Tensor, b: Tensor, c: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, alpha = 1 } = options;
  return a.graph.apply(matmulAddOperation, [a, b, c], { transposeA, transposeB, alpha })[0]!;
}

function lastTwo<T>(shape: readonly T[], swap: boolean): T[] {
  const pair = shape.slice(-2);
  return swap ? pair.reverse() : pair;
}
