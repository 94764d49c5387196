import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LoragError } from "../contracts/index.ts";
import { halveBatch, isOutOfMemory } from "./halve-batch.ts";
import { predictRun } from "./predict-run.ts";

test("time is that of every pass and validation, memory that of the probe and of what a run holds besides", () => {
  const probe = {
    steps: 50,
    passes: 100,
    validations: 4,
    validationBatches: 5,
    secondsPerPass: 2,
    secondsPerValidationBatch: 0.5,
    openSeconds: 3,
    parameters: 1000,
    peakBytes: 1e6,
  };
  expect(predictRun(probe)).toEqual({ seconds: 3 + 200 + 10, peakBytes: 1e6 + 16_000 });
});

test("halving keeps the effective batch, down to what cannot be halved", () => {
  const sizes = fc.record({
    micro_batch_size: fc.integer({ min: 1, max: 256 }),
    gradient_accumulation_steps: fc.integer({ min: 1, max: 1024 }),
  });
  fc.assert(
    fc.property(sizes, (given) => {
      const half = halveBatch(given);
      if (given.micro_batch_size % 2 === 1) {
        expect(half).toBeUndefined();
        return;
      }
      expect(half!.micro_batch_size * half!.gradient_accumulation_steps).toBe(
        given.micro_batch_size * given.gradient_accumulation_steps,
      );
    }),
  );
});

test("a lack of memory is told from other ends", () => {
  const ended = (how: string) =>
    new LoragError({
      code: "LORAG_WORKER_ENDED",
      kind: "internal",
      message: `The worker ended (${how})`,
      next: "",
    });
  expect(isOutOfMemory(new Error("onnxruntime: std::bad_alloc"), true)).toBe(true);
  expect(isOutOfMemory(ended("SIGKILL"), false)).toBe(true);
  expect(isOutOfMemory(ended("SIGKILL"), true)).toBe(false);
  expect(isOutOfMemory(ended("SIGSEGV"), false)).toBe(false);
});
