import { expect, test } from "vitest";
import { initializeAdapter, layoutAdapter, loraScale, type LinearModule } from "./lora-layout.ts";
import { parameterTensors } from "./parameters.ts";

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
  const [a0, b0, a1] = [...parameterTensors(layout, values).values()].map(({ values }) => [...values]);
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

test("layers are chosen by their numbers; one that the model does not have is named", () => {
  const two = [0, 1].map((layer) => ({ ...modules[0]!, path: `model.layers.${layer}.self_attn.q_proj` }));
  const names = (layers: number[]) =>
    layoutAdapter(two, { ...lora, targets: "all-linear", layers }).tensors.map(({ name }) => name);
  expect(names([1])).toEqual([
    "base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight",
    "base_model.model.model.layers.1.self_attn.q_proj.lora_B.weight",
  ]);
  expect(() => names([0, 2])).toThrow("names layer 2, and the model has 2");
});

test("a stabilised rank divides by its root", () => {
  expect(loraScale({ rank: 4, alpha: 6 })).toBe(1.5);
  expect(loraScale({ rank: 4, alpha: 6, rankStabilized: true })).toBe(3);
});
