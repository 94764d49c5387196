import { expect, test } from "vitest";
import { timeLeft, type Stage } from "./estimate.ts";

const stages: Stage[] = [
  { id: "index", seconds: 10 },
  { id: "train", seconds: 100 },
  { id: "answer", seconds: 50 },
];
const at = (stage: string, done: number) => ({ step: "", stage, done, total: 100 });

test("a machine twice as slow needs twice as long", () => {
  let now = 0;
  const left = timeLeft(stages, () => now);
  expect(left(at("index", 0))).toBeCloseTo(160);
  now = 20;
  expect(left(at("index", 100))).toBeGreaterThan(150 * 1.5);
  left(at("train", 0));
  now = 220;
  const end = left(at("train", 100))!;
  expect(end).toBeGreaterThan(90);
  expect(end).toBeLessThan(100);
});

test("reused stages and resumed shares do not flatter the pace", () => {
  let now = 0;
  const left = timeLeft(stages, () => now);
  left(at("train", 80));
  now = 20;
  // 20 seconds for a fifth of 100: exactly the expected pace, so 50 are left.
  expect(left(at("train", 100))).toBeCloseTo(50);
});

test("what an earlier run finished is not ahead, and counts in full where it is done again after all", () => {
  const left = timeLeft(
    stages.map((stage) => ({ ...stage, isDone: stage.id !== "answer" })),
    () => 0,
  );
  expect(left(at("index", 100))).toBeCloseTo(50);
  expect(left(at("train", 0))).toBeCloseTo(150);
});

test("a stage that takes ten times what was expected is seen by its own pace, whatever went before", () => {
  let now = 0;
  const left = timeLeft(stages, () => now);
  left(at("index", 0));
  now = 1;
  left(at("index", 100));
  left(at("train", 0));
  now = 101;
  // A tenth in 100 seconds: 900 more.
  expect(left(at("train", 10))).toBeGreaterThan(600);
});

test("a step that is no stage has no estimate", () => {
  expect(timeLeft(stages, () => 0)(at("Downloading", 1))).toBeUndefined();
});
