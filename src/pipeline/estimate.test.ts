import { expect, test } from "vitest";
import { timeLeft, type Stage } from "./estimate.ts";

const stages: Stage[] = [
  { step: "Indexing", seconds: 10 },
  { step: "Training", seconds: 100 },
  { step: "Answering", seconds: 50 },
];
const at = (step: string, done: number) => ({ step, done, total: 100 });

test("a machine twice as slow needs twice as long", () => {
  let now = 0;
  const left = timeLeft(stages, () => now);
  expect(left(at("Indexing", 0))).toBeCloseTo(160);
  now = 20;
  expect(left(at("Indexing", 100))).toBeGreaterThan(150 * 1.5);
  left(at("Training", 0));
  now = 220;
  const end = left(at("Training", 100))!;
  expect(end).toBeGreaterThan(90);
  expect(end).toBeLessThan(100);
});

test("reused stages and resumed shares do not flatter the pace", () => {
  let now = 0;
  const left = timeLeft(stages, () => now);
  left(at("Training", 80));
  now = 20;
  // 20 seconds for a fifth of 100: exactly the expected pace, so 50 are left.
  expect(left(at("Training", 100))).toBeCloseTo(50);
});

test("what an earlier run finished is not ahead, and counts in full where it is done again after all", () => {
  const left = timeLeft(
    stages.map((stage) => ({ ...stage, isDone: stage.step !== "Answering" })),
    () => 0,
  );
  expect(left(at("Indexing", 100))).toBeCloseTo(50);
  expect(left(at("Training", 0))).toBeCloseTo(150);
});

test("a stage that takes ten times what was expected is seen by its own pace, whatever went before", () => {
  let now = 0;
  const left = timeLeft(stages, () => now);
  left(at("Indexing", 0));
  now = 1;
  left(at("Indexing", 100));
  left(at("Training", 0));
  now = 101;
  // A tenth in 100 seconds: 900 more.
  expect(left(at("Training", 10))).toBeGreaterThan(600);
});

test("a step that is no stage has no estimate", () => {
  expect(timeLeft(stages, () => 0)(at("Downloading", 1))).toBeUndefined();
});
