import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gradients } from "../gradient/gradients.ts";
import { Graph } from "../graph.ts";
import { encodeOnnx } from "../onnx/model.ts";
import { add, greaterOrEqual, multiply } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import { layerNorm } from "../ops/normalization.ts";
import { sum } from "../ops/shape.ts";
import { openSession, type TypedTensor } from "./session.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-session-"));
});
afterAll(() => rm(folder, { recursive: true }));

const vector = (...values: number[]): TypedTensor => ({
  dtype: "float32",
  shape: [values.length],
  data: Float32Array.from(values),
});

async function save(name: string, graph: Graph): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, encodeOnnx(graph));
  return path;
}

test("weights are read from a file beside the graph, at their offset", async () => {
  await writeFile(join(folder, "w.bin"), new Uint8Array(Float32Array.of(9, 9, 1, 2, 3).buffer));
  const graph = new Graph();
  const weight = { file: "w.bin", offset: 8, length: 12, dtype: "float32", shape: [3] } as const;
  graph.output("y", add(graph.input("x", "float32", [1]), graph.weight(weight)));
  const session = await openSession(await save("weights.onnx", graph), { threads: 1 });
  const { y } = await session.run({ x: vector(10) });
  expect([...(y!.data as Float32Array)]).toEqual([11, 12, 13]);
  await session.close();
});

test("equal nodes are written once, and nothing that no output needs", async () => {
  const graph = new Graph();
  const x = graph.input("x", "float32", [2]);
  const before = encodeOnnx(graph).length;
  multiply(x, 3);
  expect(encodeOnnx(graph).length).toBe(before);
  graph.output("y", add(multiply(x, 2), multiply(x, 2)));
  const text = new TextDecoder("latin1").decode(encodeOnnx(graph));
  expect(text.split("Mul_0").length).toBeGreaterThan(1);
  expect(text).not.toContain("Mul_1");
});

test("a given output array receives the values", async () => {
  const graph = new Graph();
  graph.output("y", multiply(graph.input("x", "float32", [2]), 2));
  const session = await openSession(await save("given.onnx", graph), { threads: 1 });
  const given = vector(0, 0);
  await session.run({ x: vector(1, 2) }, { y: given });
  expect([...(given.data as Float32Array)]).toEqual([2, 4]);
  await session.close();
});

test("a graph that is damaged, or fed wrongly, says which", async () => {
  const path = join(folder, "damaged.onnx");
  await writeFile(path, "not a graph");
  await expect(openSession(path, { threads: 1 })).rejects.toMatchObject({ code: "LORAG_GRAPH_FAILED" });
  const graph = new Graph();
  graph.output("y", multiply(graph.input("x", "float32", [2]), 2));
  const session = await openSession(await save("fed.onnx", graph), { threads: 1 });
  await expect(session.run({ x: vector(1, 2, 3) })).rejects.toMatchObject({ code: "LORAG_GRAPH_FAILED" });
  await session.close();
});

test("mistakes in building are typed errors that name the operation and the shapes", () => {
  const graph = new Graph();
  const [a, b] = [graph.input("a", "float32", [2, 3]), graph.input("b", "float32", [2, "n"])];
  expect(() => matmul(a, b)).toThrow("matmul(float32[2, 3], float32[2, n]): the inner sizes 3 and 2 differ");
  expect(() => add(a, b)).toThrow("do not broadcast");
  expect(() => graph.input("a", "float32", [1])).toThrow("already has an input named a");
  expect(() => gradients(graph, a, [a])).toThrow("scalar");
  const flag = sum(multiply(a, 2));
  expect(() => gradients(graph, flag, [b])).toThrow("does not depend");
  expect(greaterOrEqual(a, a).dtype).toBe("bool");
});

test("an addition and a layer norm stay two: fused they take five times as long", async () => {
  const graph = new Graph();
  const [x, y] = ["x", "y"].map((name) => graph.input(name, "float32", [1, 2, 4]));
  const [weight, bias] = ["weight", "bias"].map((name) => graph.input(name, "float32", [4]));
  graph.output("z", layerNorm(add(x!, y!), weight!, bias!, 1e-12));
  const path = await save("norm.onnx", graph);
  const profilePrefix = join(folder, "norm");
  const session = await openSession(path, { threads: 1, profilePrefix });
  const matrix: TypedTensor = { dtype: "float32", shape: [1, 2, 4], data: new Float32Array(8) };
  await session.run({ x: matrix, y: matrix, weight: vector(1, 1, 1, 1), bias: vector(0, 0, 0, 0) });
  await session.close();
  const trace = (await readdir(folder)).find((name) => name.startsWith("norm_"))!;
  const kernels = await readFile(join(folder, trace), "utf8");
  expect(kernels).toContain("LayerNormalization_");
  expect(kernels).not.toContain("SkipLayerNormalization");
});
