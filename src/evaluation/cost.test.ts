import { describe, expect, it } from "vitest";
import type { TrainingRecord } from "../contracts/index.ts";
import { breakEvenRequests, priceArm } from "./cost.ts";

const usage = { promptTokens: 1000, completionTokens: 100, cachedTokens: 0 };
const prices = { currency: "EUR", cpu_hour: 3.6, gpu_hour: 36 };
const training: TrainingRecord = {
  adapter: "tuned",
  examples: 1,
  steps: 1,
  bestStep: null,
  seconds: 100,
  device: "gpu",
  losses: [],
  retention: null,
};

describe("cost", () => {
  it("charges machine time by the hour, training by the device it ran on", () => {
    const cost = priceArm({ usage: [usage, usage], seconds: 10, training }, "cpu", prices);
    expect(cost).toEqual({ per1000Answers: 5, basis: "time", secondsPerAnswer: 5, training: 1 });
  });

  it("charges answers by the token where token prices are given", () => {
    const byToken = { ...prices, input_mtok: 2, output_mtok: 10 };
    const cost = priceArm({ usage: [usage, usage], seconds: 10, training: null }, "gpu", byToken);
    // A thousand answers: a million prompt tokens and 100,000 generated ones.
    expect(cost).toMatchObject({ basis: "tokens", training: 0 });
    expect(cost.per1000Answers).toBeCloseTo(3, 12);
  });

  it("finds the number of answers at which training has paid for itself, or never", () => {
    const untrained = { per1000Answers: 5, basis: "time", secondsPerAnswer: 1, training: 0 } as const;
    expect(breakEvenRequests({ ...untrained, per1000Answers: 3, training: 1 }, untrained)).toBe(500);
    expect(breakEvenRequests({ ...untrained, training: 1 }, untrained)).toBeNull();
    expect(breakEvenRequests({ ...untrained, per1000Answers: 9, training: 1 }, untrained)).toBeNull();
    expect(breakEvenRequests({ ...untrained, per1000Answers: 9 }, untrained)).toBe(0);
  });
});
