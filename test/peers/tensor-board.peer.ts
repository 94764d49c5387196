import { spawnSync } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openMetrics } from "../../src/training/metrics-file.ts";

const python = join(process.env["LORAG_PEERS"] ?? join(homedir(), ".cache/lorag-peers"), "bin/python");

test("TensorBoard's own reader finds every value of every step", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lorag-events-"));
  const at = (step: number) => ({
    step,
    steps: 500,
    epoch: step / 100,
    tokens: 1,
    seconds: 1,
    learningRate: 0.5,
    gradientNorm: 2,
  });
  const append = await openMetrics(folder, 0);
  await append({ ...at(0), train: null, validation: 3.5 });
  for (const step of [1, 2, 300]) await append({ ...at(step), train: 1 / step, validation: null });
  // A run that goes on from step 2 takes the later ones again.
  const again = await openMetrics(folder, 2);
  await again({ ...at(3), train: 0.25, validation: 0.75 });
  const script = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1])
events.Reload()
print(json.dumps({tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in events.Tags()["scalars"]}))`;
  const run = spawnSync(python, ["-c", script, folder], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr);
  const found = JSON.parse(run.stdout) as Record<string, [number, number][]>;
  expect(found["loss/train"]).toEqual([
    [1, 1],
    [2, 0.5],
    [3, 0.25],
  ]);
  expect(found["loss/validation"]).toEqual([
    [0, 3.5],
    [3, 0.75],
  ]);
  expect(found["learning_rate"]).toEqual([
    [1, 0.5],
    [2, 0.5],
    [3, 0.5],
  ]);
});
