import { expect, test } from "vitest";
import { adapterTensors, initializeAdapter, layoutAdapter, type LinearModule } from "./lora.ts";
import { quantizeColumns, quantizeRowsTransposed, transposeMatrix } from "./quantization.ts";

const modules: LinearModule[] = [
  { path: "model.layers.0.self_attn.q_proj", outputs: 4, inputs: 6 },
  { path: "model.layers.0.mlp.down_proj", outputs: 6, inputs: 9 },
];
const lora = { rank: 2, alpha: 4, dropout: 0 };

test("names and shapes are PEFT's", () => {
  const { tensors, size } = layoutAdapter(modules, { ...lora, targets: "all-linear" });
  expect(tensors.map(({ name, shape, offset }) => [name, ...shape, offset])).toEqual([
    ["base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight", 2, 6, 0],
    ["base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight", 4, 2, 12],
    ["base_model.model.model.layers.0.mlp.down_proj.lora_A.weight", 2, 9, 20],
    ["base_model.model.model.layers.0.mlp.down_proj.lora_B.weight", 6, 2, 38],
  ]);
  expect(size).toBe(50);
});

test("targets choose modules by the end of their path; an unknown one is named", () => {
  const layout = layoutAdapter(modules, { ...lora, targets: ["down_proj"] });
  expect(layout.tensors.map(({ shape }) => shape)).toEqual([
    [2, 9],
    [6, 2],
  ]);
  expect(() => layoutAdapter(modules, { ...lora, targets: ["query"] })).toThrow(
    'names "query", which the model does not have',
  );
});

test("a fresh adapter has A within ±1/sqrt(inputs) and B zero", () => {
  const layout = layoutAdapter(modules, { ...lora, targets: "all-linear" });
  let seed = 0;
  const values = initializeAdapter(layout, () => (seed = (seed + 0.37) % 1));
  const [a0, b0, a1] = [...adapterTensors(layout, values).values()].map(({ values }) => [...values]);
  expect(b0).toEqual(Array(8).fill(0));
  for (const [tensor, inputs] of [
    [a0, 6],
    [a1, 9],
  ] as const) {
    const largest = Math.max(...tensor!.map(Math.abs));
    expect(largest).toBeLessThanOrEqual(1 / Math.sqrt(inputs));
    expect(largest).toBeGreaterThan(0.8 / Math.sqrt(inputs));
    expect(Math.min(...tensor!)).toBeLessThan(0);
  }
});

test("int8 weights are within half a step, either way round", () => {
  const [rows, columns] = [70, 130];
  const matrix = Float32Array.from(
    { length: rows * columns },
    (_, i) => Math.sin(i * 1.1) * (1 + (i % columns)),
  );
  const { values, scale } = quantizeColumns(matrix, rows, columns);
  for (const [i, value] of matrix.entries()) {
    const step = scale[i % columns]!;
    expect(Math.abs(value - values[i]! * step)).toBeLessThanOrEqual(0.501 * step);
  }
  expect(Math.max(...values)).toBe(127);
  const flipped = quantizeRowsTransposed(matrix, rows, columns);
  expect(flipped).toEqual(quantizeColumns(transposeMatrix(matrix, rows, columns), columns, rows));
});
