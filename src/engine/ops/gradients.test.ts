import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Graph, type Operation, type Tensor } from "../graph.ts";
import { gradients } from "../gradient/gradients.ts";
import { encodeOnnx } from "../onnx/model.ts";
import { openSession, type TypedTensor } from "../session/session.ts";
import * as attention from "./attention.ts";
import * as elementwise from "./elementwise.ts";
import * as encoder from "./encoder.ts";
import * as indexing from "./indexing.ts";
import * as loss from "./loss.ts";
import * as matmul from "./matmul.ts";
import * as normalization from "./normalization.ts";
import * as reduce from "./reduce.ts";
import * as shape from "./shape.ts";

const { add, multiply, divide, subtract, where } = elementwise;

/** One case per way in which an operation is used: inputs as float32 shapes, and a program on them. */
const cases: Record<
  string,
  { inputs: number[][]; program: (...inputs: Tensor[]) => Tensor; positive?: boolean }
> = {
  add: { inputs: [[3, 4], [4]], program: add },
  "add, broadcasting both ways": {
    inputs: [
      [3, 1],
      [2, 1, 4],
    ],
    program: add,
  },
  subtract: {
    inputs: [
      [3, 4],
      [3, 1],
    ],
    program: subtract,
  },
  multiply: {
    inputs: [
      [2, 3],
      [1, 3],
    ],
    program: multiply,
  },
  divide: { inputs: [[2, 3], [3]], program: divide, positive: true },
  negate: { inputs: [[5]], program: elementwise.negate },
  exponential: { inputs: [[5]], program: elementwise.exponential },
  logarithm: { inputs: [[5]], program: elementwise.logarithm, positive: true },
  squareRoot: { inputs: [[5]], program: elementwise.squareRoot, positive: true },
  sigmoid: { inputs: [[5]], program: elementwise.sigmoid },
  tanh: { inputs: [[5]], program: elementwise.tanh },
  swiglu: { inputs: [[7], [7]], program: elementwise.swiglu },
  addScaledRows: {
    inputs: [
      [2, 3, 4],
      [2, 3, 4],
      [2, 3, 1],
    ],
    program: elementwise.addScaledRows,
  },
  "addScaledRows, as gradients of a shared input are added": {
    inputs: [
      [3, 4],
      [3, 1],
      [4, 4],
    ],
    program: (x, scale, w) => {
      const scaled = elementwise.addScaledRows(multiply(x, scale), x, scale);
      return multiply(multiply(scaled, matmul.matmul(x, w)), multiply(x, scale));
    },
  },
  gelu: { inputs: [[7]], program: elementwise.gelu },
  geluTanh: { inputs: [[7]], program: elementwise.geluTanh },
  errorFunction: { inputs: [[7]], program: elementwise.errorFunction },
  softplus: { inputs: [[7]], program: elementwise.softplus },
  maximum: { inputs: [[2, 3], [3]], program: (a, b) => elementwise.maximum(a, multiply(b, 0.3)) },
  where: {
    inputs: [[2, 3], [3]],
    program: (a, b) => where(a.graph.constant("bool", [1, 0, 1]), a, b),
  },
  reshape: { inputs: [[2, 6]], program: (x) => shape.reshape(x, [3, 4]) },
  transpose: { inputs: [[2, 3, 4]], program: (x) => shape.transpose(x, [2, 0, 1]) },
  expand: { inputs: [[3, 1]], program: (x) => shape.expand(x, [2, 3, 4]) },
  sum: { inputs: [[2, 3, 4]], program: (x) => shape.sum(x, [0, -1]) },
  unsqueezeLast: { inputs: [[2, 3]], program: shape.unsqueezeLast },
  concat: {
    inputs: [
      [2, 3],
      [2, 1],
    ],
    program: (a, b) => shape.concat([a, b], 1),
  },
  slice: { inputs: [[4, 3]], program: (x) => shape.slice(x, 0, 1, 3) },
  split: {
    inputs: [[2, 5]],
    program: (x) => {
      const [a, , c] = shape.split(x, 1, [2, 1, 2]);
      return multiply(a!, c!);
    },
  },
  pad: { inputs: [[2, 3]], program: (x) => shape.pad(x, 1, 2, 1) },
  mean: { inputs: [[3, 4]], program: (x) => reduce.mean(x, 0) },
  matmul: {
    inputs: [
      [2, 3, 4],
      [4, 5],
    ],
    program: (a, b) => matmul.matmul(a, b),
  },
  "matmul, a transposed": {
    inputs: [
      [4, 3],
      [4, 5],
    ],
    program: (a, b) => matmul.matmul(a, b, { transposeA: true, alpha: 0.5 }),
  },
  "matmul, b transposed": {
    inputs: [
      [3, 4],
      [5, 4],
    ],
    program: (a, b) => matmul.matmul(a, b, { transposeB: true, alpha: 2 }),
  },
  "matmul, both transposed": {
    inputs: [
      [4, 3],
      [5, 4],
    ],
    program: (a, b) => matmul.matmul(a, b, { transposeA: true, transposeB: true }),
  },
  matmulAdd: {
    inputs: [
      [3, 4],
      [5, 4],
      [3, 5],
    ],
    program: (a, b, c) => matmul.matmulAdd(a, b, c, { transposeB: true, alpha: 0.5 }),
  },
  "matmulAdd, as gradients of a shared input are added": {
    inputs: [
      [3, 4],
      [4, 5],
      [4, 5],
    ],
    program: (x, a, b) => multiply(matmul.matmul(x, a), matmul.matmul(x, b)),
  },
  rmsNorm: { inputs: [[3, 6], [6]], program: (x, w) => normalization.rmsNorm(x, w, 1e-5) },
  layerNorm: {
    inputs: [[3, 6], [6], [6]],
    program: (x, w, b) => normalization.layerNorm(x, w, b, 1e-5),
  },
  normalizeLength: { inputs: [[3, 6]], program: normalization.normalizeLength },
  gather: { inputs: [[4, 3]], program: (x) => indexing.gather(x, x.graph.constant("int64", [2, 0, 2])) },
  scatterAddRows: {
    inputs: [[3, 2]],
    program: (x) => indexing.scatterAddRows(x.graph.constant("int64", [3, 0, 3]), x, 5),
  },
  rotary: {
    inputs: [[2, 2, 3, 4]],
    program: (x) => {
      const { graph } = x;
      const angles = Float32Array.from({ length: 16 }, (_, i) => 0.3 * i);
      const positions = graph.constant("int64", [0, 1, 2, 5, 6, 7], [2, 3]);
      const cosines = graph.constant("float32", angles.map(Math.cos), [8, 2]);
      return attention.rotary(x, positions, cosines, graph.constant("float32", angles.map(Math.sin), [8, 2]));
    },
  },
  attention: {
    inputs: [
      [2, 4, 3, 2],
      [2, 2, 3, 2],
      [2, 2, 3, 2],
    ],
    program: (q, k, v) => {
      // Two sequences, the second alone; two that share their first token.
      const ends = q.graph.constant("int64", [2, 2, 3, 3, 2, 3], [2, 3]);
      return attention.causalAttention(q, k, v, attention.packedCausalMasks(ends));
    },
  },
  "attention within a window, scores scaled otherwise": {
    inputs: [
      [1, 2, 4, 2],
      [1, 1, 4, 2],
      [1, 1, 4, 2],
    ],
    program: (q, k, v) => {
      const ends = q.graph.constant("int64", [4, 4, 4, 4], [1, 4]);
      const positions = q.graph.constant("int64", [0, 1, 2, 3], [1, 4]);
      const masks = attention.packedCausalMasks(ends, { tokens: 2, positions });
      return attention.causalAttention(q, k, v, masks, 0.3);
    },
  },
  "attention with a mask that is learnt": {
    inputs: [
      [1, 2, 3, 2],
      [1, 1, 3, 2],
      [1, 1, 3, 2],
      [1, 2, 3, 3],
    ],
    program: (q, k, v, mask) => attention.attention(q, k, v, mask),
  },
  "attention, every token of a packed sequence": {
    inputs: [
      [1, 2, 4, 2],
      [1, 2, 4, 2],
      [1, 2, 4, 2],
    ],
    program: (q, k, v) => {
      const starts = q.graph.constant("int64", [0, 0, 2, 2], [1, 4]);
      const ends = q.graph.constant("int64", [2, 2, 4, 4], [1, 4]);
      return attention.attention(q, k, v, attention.packedMask(starts, ends));
    },
  },
  fullAttention: {
    inputs: [
      [2, 3, 4],
      [2, 3, 4],
      [2, 3, 4],
    ],
    program: (q, k, v) => encoder.fullAttention(q, k, v, 2),
  },
  "fullAttention with what is added to its scores": {
    inputs: [
      [1, 3, 4],
      [1, 3, 4],
      [1, 3, 4],
      [1, 2, 3, 3],
    ],
    program: (q, k, v, added) => encoder.fullAttention(q, k, v, 2, added),
  },
  "rotary, of a part of each head": {
    inputs: [[1, 2, 2, 6]],
    program: (x) => {
      const { graph } = x;
      const angles = Float32Array.from({ length: 4 }, (_, i) => 0.3 * i);
      const positions = graph.constant("int64", [0, 1], [1, 2]);
      const cosines = graph.constant("float32", angles.map(Math.cos), [2, 2]);
      return attention.rotary(x, positions, cosines, graph.constant("float32", angles.map(Math.sin), [2, 2]));
    },
  },
  linearCrossEntropy: {
    inputs: [[3, 4]],
    program: (hidden) => {
      const table = Float32Array.from({ length: 20 }, (_, i) => Math.sin(i * 1.7));
      const embedding = hidden.graph.constant("float32", table, [5, 4]);
      return loss.linearCrossEntropy(hidden, embedding, hidden.graph.constant("int64", [4, 0, 2]));
    },
  },
  "linearCrossEntropy with a trained output layer": {
    inputs: [
      [3, 4],
      [5, 4],
    ],
    program: (hidden, embedding) =>
      loss.linearCrossEntropy(hidden, embedding, hidden.graph.constant("int64", [4, 2, 4])),
  },
  crossEntropy: {
    inputs: [[3, 4]],
    program: (logits) => loss.crossEntropy(logits, logits.graph.constant("int64", [3, 0, 2])),
  },
};

/**
 * Rounding makes steps, so finite differences say nothing; quantized.test.ts compares it with float32. What is detached
 * has no gradient on purpose: below.
 */
const checkedElsewhere = new Set(["int8Linear", "int8LinearAdd", "detach"]);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-gradients-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("gradients equal finite differences through onnxruntime", () => {
  test.each(Object.entries(cases))("%s", async (name, { inputs, program, positive }) => {
    const graph = new Graph();
    const tensors = inputs.map((dims, i) => graph.input(`x${i}`, "float32", dims));
    const result = program(...tensors);
    // A sum of unequal multiples, so that no two elements' gradients can be mistaken for one another.
    const count = (result.shape as number[]).reduce((a, b) => a * b, 1);
    const multiples = Float32Array.from({ length: count }, (_, i) => 1 + 0.5 * Math.sin(3 * i));
    const total = shape.sum(multiply(result, graph.constant("float32", multiples, result.shape as number[])));
    graph.output("loss", total);
    for (const [i, gradient] of gradients(graph, total, tensors).entries()) {
      expect(gradient.shape).toEqual(tensors[i]!.shape);
      graph.output(`g${i}`, gradient);
    }
    const path = join(folder, `${name}.onnx`);
    await writeFile(path, encodeOnnx(graph));
    const session = await openSession(path, { threads: 1 });

    const feeds: Record<string, TypedTensor & { data: Float32Array }> = {};
    for (const [i, dims] of inputs.entries()) {
      const size = dims.reduce((a, b) => a * b, 1);
      const data = Float32Array.from({ length: size }, (_, j) => Math.cos(2.3 * j + i) + (positive ? 2 : 0));
      feeds[`x${i}`] = { dtype: "float32", shape: dims, data };
    }
    const lossOf = async () => Number((await session.run(feeds, ["loss"])).loss!.data[0]);
    const found = await session.run(feeds);
    const step = 1 / 64;
    for (const i of inputs.keys()) {
      const { data } = feeds[`x${i}`]!;
      for (let j = 0; j < data.length; j++) {
        const at = data[j]!;
        const sample = async (offset: number) => {
          data[j] = at + offset;
          return lossOf();
        };
        // Five points: the error falls with the fourth power of the step, so the step can be large for float32.
        const [a, b, c, d] = [
          await sample(-2 * step),
          await sample(-step),
          await sample(step),
          await sample(2 * step),
        ];
        data[j] = at;
        const slope = (a! - 8 * b! + 8 * c! - d!) / (12 * step);
        expect(Math.abs(slope - Number(found[`g${i}`]!.data[j]))).toBeLessThan(
          1e-3 * Math.max(1, Math.abs(slope)),
        );
      }
    }
    await session.close();
  });

  test("every operation with a gradient has a case", async () => {
    const files = (await readdir(new URL(".", import.meta.url))).filter((name) => !name.includes(".test."));
    const modules = await Promise.all(files.map((name) => import(`./${name}`) as Promise<object>));
    const rows = modules.flatMap((module) =>
      Object.entries(module).flatMap(([name, value]) =>
        name.endsWith("Operation") ? [value as Operation] : [],
      ),
    );
    expect(rows.length).toBeGreaterThan(30);
    const missing = rows.filter((row) => row.gradient && !cases[row.name] && !checkedElsewhere.has(row.name));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  test("no gradient passes what is detached", async () => {
    const graph = new Graph();
    const x = graph.input("x", "float32", [3]);
    graph.output("g", gradients(graph, shape.sum(multiply(x, elementwise.detach(x))), [x])[0]!);
    await writeFile(join(folder, "detach.onnx"), encodeOnnx(graph));
    const session = await openSession(join(folder, "detach.onnx"), { threads: 1 });
    const { g } = await session.run({
      x: { dtype: "float32", shape: [3], data: Float32Array.of(1, 2, 3) },
    });
    await session.close();
    expect(Array.from(g!.data, Number)).toEqual([1, 2, 3]);
  });

  test("a gradient that several rules read is computed once", () => {
    const graph = new Graph();
    const weight = graph.input("weight", "float32", [4]);
    let x = graph.input("x", "float32", [3, 4]);
    const blocks = 3;
    for (let block = 0; block < blocks; block++) x = add(x, normalization.rmsNorm(x, weight, 1e-5));
    graph.output("g", gradients(graph, shape.sum(x), [graph.inputs[1]!.tensor])[0]!);
    const additions = Buffer.from(encodeOnnx(graph))
      .toString("latin1")
      .match(/\bAdd_\d+/g);
    // Those of the blocks, of which the last is for nothing: on the way back each norm adds to the residual's gradient.
    expect(new Set(additions).size).toBe(blocks - 1);
  });
});
