import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { initializeAdamW, updateAdamWInPlace } from "./adamw.ts";
import { clipGlobalNormInPlace, globalNorm } from "./clip.ts";
import { scheduleFactor, scheduleNames } from "./schedule.ts";

interface Golden {
  steps: number;
  warmupRatio: number;
  lr: number;
  betas: [number, number];
  eps: number;
  weight_decay: number;
  runs: Record<string, { rates: number[]; norms: number[]; values: number[][] }>;
}
const golden = JSON.parse(
  readFileSync(new URL("../../../test/golden/optimizer.json", import.meta.url), "utf8"),
) as Golden;

describe("against torch AdamW, clip_grad_norm_ and transformers' schedules", () => {
  test.each(scheduleNames)("%s", (name) => {
    const { steps, warmupRatio, lr, betas, eps, weight_decay } = golden;
    const run = golden.runs[name]!;
    const parameters = Float32Array.from({ length: 6 }, (_, i) => Math.sin(3 * i + 1));
    let state = initializeAdamW(6);
    for (let step = 0; step < steps; step++) {
      const gradient = Float32Array.from({ length: 6 }, (_, i) => (Math.cos(0.7 * step + i) * (i + 1)) / 3);
      expect(clipGlobalNormInPlace(gradient, 1)).toBeCloseTo(run.norms[step]!, 5);
      const rate = lr * scheduleFactor({ name, steps, warmupRatio }, step);
      expect(rate).toBeCloseTo(run.rates[step]!, 8);
      const options = { beta1: betas[0], beta2: betas[1], epsilon: eps, weightDecay: weight_decay };
      state = updateAdamWInPlace(parameters, gradient, state, rate, options);
      for (const [i, value] of run.values[step]!.entries()) expect(parameters[i]).toBeCloseTo(value, 5);
    }
    expect(state.step).toBe(steps);
  });
});

test("a clipped gradient is never longer than the limit and keeps its direction", () => {
  fc.assert(
    fc.property(
      fc.float32Array({ minLength: 1, maxLength: 20, noNaN: true, min: -1000, max: 1000 }),
      fc.double({ min: 0.01, max: 10, noNaN: true }),
      (values, limit) => {
        const gradient = Float32Array.from(values);
        const before = clipGlobalNormInPlace(gradient, limit);
        expect(globalNorm(gradient)).toBeLessThanOrEqual(Math.max(limit * 1.00001, 0));
        if (before < limit - 1e-5) expect([...gradient]).toEqual([...values]);
        for (const [i, value] of gradient.entries()) expect(value * values[i]!).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});

test.each(scheduleNames)("%s: a training of one step has a rate", (name) => {
  expect(scheduleFactor({ name, steps: 1, warmupRatio: 0.05 }, 0)).toBe(1);
});
