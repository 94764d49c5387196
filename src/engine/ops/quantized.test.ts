import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gradients } from "../gradient/gradients.ts";
import { Graph, type Tensor } from "../graph.ts";
import { encodeOnnx } from "../onnx/model.ts";
import { openSession } from "../session/session.ts";
import { add, multiply } from "./elementwise.ts";
import { matmul } from "./matmul.ts";
import { int8Linear } from "./quantized.ts";
import { sum } from "./shape.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-quantized-"));
});
afterAll(() => rm(folder, { recursive: true }));

const [rows, inputs, outputs] = [5, 64, 48];
/** Between -2 and 2, without the regularities that make products cancel out. */
const noise = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => 2 * ((Math.sin(12.9898 * i + seed) * 43758.5453) % 1));

/** One row of the activations a thousand times as large as another, as attention sinks are. */
const activations = noise(rows * inputs, 1).map((value, i) => value * 10 ** (Math.floor(i / inputs) - 2));
const weights = Int8Array.from(noise(inputs * outputs, 2), (value) => Math.round(value * 63));
const scale = noise(outputs, 3).map((value) => (3 + value) / 127);

/** int8 [in, out] with a scale per output, as float32; and requantised the other way for the gradient. */
function matrices(graph: Graph) {
  const real = Float32Array.from(weights, (value, i) => value * scale[i % outputs]!);
  const transposed = new Float32Array(real.length);
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) transposed[o * inputs + i] = real[i * outputs + o]!;
  }
  const backScale = new Float32Array(inputs);
  for (const [i, value] of transposed.entries()) {
    backScale[i % inputs] = Math.max(backScale[i % inputs]!, Math.abs(value) / 127);
  }
  const back = Int8Array.from(transposed, (value, i) => Math.round(value / backScale[i % inputs]!));
  const quantized = {
    values: graph.constant("int8", weights, [inputs, outputs]),
    scale: graph.constant("float32", scale),
    transposed: {
      values: graph.constant("int8", back, [outputs, inputs]),
      scale: graph.constant("float32", backScale),
    },
  };
  return { quantized, real: graph.constant("float32", real, [inputs, outputs]) };
}

test.each([
  ["a matrix", [rows, inputs], (rows: number) => [rows, inputs]],
  ["a matrix of unknown rows", ["rows", inputs], (rows: number) => [rows, inputs]],
  ["three axes", ["batch", "length", inputs], (rows: number) => [1, rows, inputs]],
] as const)(
  "%s: each row of the product is within 2%% of float32, whatever its size",
  async (name, shape, actual) => {
    const graph = new Graph();
    const x = graph.input("x", "float32", shape);
    const { quantized, real } = matrices(graph);
    graph.output("int8", int8Linear(x, quantized));
    graph.output("float32", matmul(x, real));
    const found = await runOn(`${name}`, graph, actual(rows));
    expectRowsClose(found["int8"]!, found["float32"]!, outputs);
  },
);

test("the same weights multiply several inputs of one graph", async () => {
  const graph = new Graph();
  const x = graph.input("x", "float32", [rows, inputs]);
  const { quantized, real } = matrices(graph);
  const other = multiply(x, graph.constant("float32", noise(inputs, 4)));
  graph.output("int8", add(int8Linear(x, quantized), int8Linear(other, quantized)));
  graph.output("float32", matmul(add(x, other), real));
  const found = await runOn("shared", graph, [rows, inputs]);
  expectRowsClose(found["int8"]!, found["float32"]!, outputs);
});

test("an addend is added, and gradients of a shared input are added up", async () => {
  const graph = new Graph();
  const x = graph.input("x", "float32", [rows, inputs]);
  const { quantized } = matrices(graph);
  const c = graph.constant("float32", noise(rows * outputs, 5), [rows, outputs]);
  const gradientOf = (y: Tensor) => gradients(graph, sum(multiply(y, c)), [x])[0]!;
  const product = int8Linear(x, quantized);
  graph.output("fused", int8Linear(x, quantized, c));
  graph.output("apart", add(product, c));
  graph.output("gradient of two", gradientOf(int8Linear(x, quantized, int8Linear(x, quantized))));
  graph.output("twice the gradient", multiply(gradientOf(product), 2));
  const found = await runOn("addend", graph, [rows, inputs]);
  for (const [name, expected] of [
    ["fused", "apart"],
    ["gradient of two", "twice the gradient"],
  ] as const) {
    for (const [i, value] of found[expected]!.entries()) {
      expect(Math.abs(found[name]![i]! - value)).toBeLessThanOrEqual(1e-5 * Math.abs(value) + 1e-6);
    }
  }
});

test("the gradient with respect to the activations follows float32 row by row", async () => {
  const graph = new Graph();
  const x = graph.input("x", "float32", [rows, inputs]);
  const { quantized, real } = matrices(graph);
  const importance = graph.constant("float32", noise(rows * outputs, 4), [rows, outputs]);
  for (const [name, product] of [
    ["int8", int8Linear(x, quantized)],
    ["float32", matmul(x, real)],
  ] as const) {
    const loss = sum(multiply(product, importance));
    graph.output(name, gradients(graph, loss, [x])[0]!);
  }
  const found = await runOn("gradient", graph, [rows, inputs]);
  expectRowsClose(found["int8"]!, found["float32"]!, inputs);
});

test.each([{ shape: [1, inputs] }, { shape: [1, 1, inputs] }])(
  "a row of zeros stays zeros: $shape",
  async ({ shape }) => {
    const graph = new Graph();
    const x = graph.input("x", "float32", shape);
    graph.output("y", int8Linear(multiply(x, 0), matrices(graph).quantized));
    const { y } = await runOn(`zeros ${shape.length}`, graph, shape);
    expect(y!.every((value) => value === 0)).toBe(true);
  },
);

async function runOn(name: string, graph: Graph, shape: number[]): Promise<Record<string, Float32Array>> {
  const path = join(folder, `${name}.onnx`);
  await writeFile(path, encodeOnnx(graph));
  const session = await openSession(path, { threads: 1 });
  const data = activations.subarray(
    0,
    shape.reduce((a, b) => a * b),
  );
  const found = await session.run({ x: { dtype: "float32", shape, data } });
  await session.close();
  return Object.fromEntries(Object.entries(found).map(([key, { data }]) => [key, data as Float32Array]));
}

function expectRowsClose(found: Float32Array, expected: Float32Array, width: number): void {
  expect(found.length).toBe(expected.length);
  for (let start = 0; start < expected.length; start += width) {
    const row = expected.subarray(start, start + width);
    const error = Math.hypot(...row.map((value, i) => value - found[start + i]!));
    expect(error).toBeLessThan(0.02 * Math.hypot(...row));
  }
}
