import { mkdtemp, readdir, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadCheckpoint, saveCheckpoint, type Checkpoint } from "./checkpoint.ts";

const checkpointAt = (step: number): Checkpoint => ({
  step,
  curve: [{ step, train: 1.5, validation: null }],
  best: null,
  sinceBest: 0,
  seconds: 2.25,
  tokens: 100,
  faults: 0,
  rate: 1,
  arrays: {
    weights: Float32Array.of(step, -0, 1e-42),
    mean: Float32Array.of(0.1, 0.2, 0.3),
    square: Float32Array.of(1, 2, 3),
    bestWeights: new Float32Array(0),
  },
});
const newFolder = () => mkdtemp(join(tmpdir(), "lorag-checkpoint-"));

test("what is loaded is what was saved, to the bit; the newest two are kept", async () => {
  const folder = await newFolder();
  for (const step of [9, 10, 11]) await saveCheckpoint(folder, checkpointAt(step));
  expect(await readdir(folder)).toEqual(["step-00000010", "step-00000011"]);
  expect(await loadCheckpoint(folder)).toEqual({ checkpoint: checkpointAt(11), damaged: [] });
});

test("a damaged checkpoint is passed over for the one before it", async () => {
  const folder = await newFolder();
  for (const step of [1, 2]) await saveCheckpoint(folder, checkpointAt(step));
  await truncate(join(folder, "step-00000002", "arrays.safetensors"), 40);
  const { checkpoint, damaged } = await loadCheckpoint(folder);
  expect([checkpoint?.step, damaged]).toEqual([1, ["step-00000002"]]);
});

test("what is saved is kept, and damaged checkpoints of later steps go", async () => {
  const folder = await newFolder();
  for (const step of [8, 9]) await saveCheckpoint(folder, checkpointAt(step));
  for (const step of [8, 9]) await truncate(join(folder, `step-0000000${step}`, "state.json"), 40);
  for (const step of [1, 2]) {
    await saveCheckpoint(folder, checkpointAt(step));
    expect((await loadCheckpoint(folder)).checkpoint?.step).toBe(step);
  }
  expect(await readdir(folder)).toEqual(["step-00000001", "step-00000002"]);
});

test("no folder is no checkpoint", async () => {
  expect(await loadCheckpoint(join(await newFolder(), "none"))).toEqual({
    checkpoint: undefined,
    damaged: [],
  });
});
