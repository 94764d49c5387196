import { describe, expect, it } from "vitest";
import type { TrainingRecord } from "../contracts/index.ts";
import { breakEvenRequests, measureBreakEven, priceArm } from "./cost.ts";
import { evaluate } from "./evaluate.ts";
import { makeFixture } from "./fixture.case.ts";

const usage = { promptTokens: 1000, completionTokens: 100, cachedTokens: 0 };
const answer = { usage, latencyMs: 9000 };
const machineTime = { secondsPerAnswer: 5, n: 1 };
const prices = { currency: "EUR", cpu_hour: 3.6 };
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
  it("charges machine time by the hour, that of training, too", () => {
    const cost = priceArm({ machineTime, training }, [answer, answer], prices);
    expect(cost).toMatchObject({ per1000Answers: 5, low: null, high: null, basis: "time", n: 1 });
    expect(cost.training).toBeCloseTo(0.1, 12);
  });

  it("has an interval from the stretches of a run, and from the answers where tokens are paid for", () => {
    const passed = Array.from({ length: 64 }, (_, index) => (index % 16 === 0 ? 40 : 1));
    const measured = { secondsPerAnswer: passed.reduce<number>((a, b) => a + b, 0) / 64, n: 64, passed };
    const cost = priceArm({ machineTime: measured }, [answer], prices);
    expect(cost.low!).toBeLessThan(cost.per1000Answers);
    expect(cost.high!).toBeGreaterThan(cost.per1000Answers);
    const tokenPrices = { input_mtok: 1, output_mtok: 1 };
    const longer = { ...answer, usage: { ...usage, promptTokens: 3000 } };
    const byToken = priceArm({ tokenPrices }, [answer, longer], prices);
    // Two answers of 0.0011 and 0.0031: Student's quantile for one degree of freedom is 12.7.
    expect(byToken).toMatchObject({ basis: "tokens", n: 2, low: 0 });
    expect(byToken.per1000Answers).toBeCloseTo(2.1, 12);
    expect(byToken.high).toBeCloseTo(2.1 + 12.7062, 4);
  });

  it("charges answers by the token where token prices are given", () => {
    const byToken = { ...prices, input_mtok: 2, output_mtok: 10 };
    const cost = priceArm({ machineTime }, [answer, answer], byToken);
    // A thousand answers: a million prompt tokens and 100,000 generated ones.
    expect(cost).toMatchObject({ basis: "tokens", n: 2, training: 0 });
    expect(cost.per1000Answers).toBeCloseTo(3, 12);
  });

  it("says where what costs less is also worse", () => {
    const arms = evaluate(makeFixture({ questions: 40 })).arms.filter((arm) => arm.status === "ok");
    const price = (arm: (typeof arms)[number]) => ({
      ...arm,
      cost: { ...arm.cost, per1000Answers: arm.training ? 1 : 5 },
    });
    const tuned = arms.find(({ name }) => name === "tuned")!;
    const rag = arms.find(({ name }) => name === "rag")!;
    const score = (arm: typeof tuned, value: number) => ({
      ...price(arm),
      metrics: { ...arm.metrics, correct: { ...arm.metrics.correct, value } },
    });
    const words = (own: number, other: number) =>
      measureBreakEven([score(tuned, own), score(rag, other)], "correct").map((entry) => entry.words);
    expect(words(0, 0.4)[0]).toMatch(/pays for itself .* But its answers are worse: 0% against 40%\.$/);
    expect(words(0.4, 0.4)[0]).toMatch(/against rag\.$/);
  });

  it.each([
    [1, 40, "time", /^Training tuned pays for itself after \d+ answers?, against rag\.$/],
    [1, 6, "time", /pays for itself after .* against rag \(a rough figure: measured on 6 answers\)\.$/],
    [1, 6, "tokens", /^Training tuned pays for itself after \d+ answers?, against rag\.$/],
    [4.9, 40, "time", /^tuned costs about as much per answer as rag: .* does not pay for itself by price\.$/],
    [5.1, 40, "time", /^tuned costs about as much per answer as rag: /],
    [9, 40, "time", /^tuned costs more per answer than rag: its training never pays for itself by price\.$/],
  ] as const)(
    "of %d against 5 for 1,000 answers, measured on %d by %s",
    (per1000Answers, n, basis, words) => {
      const arms = evaluate(makeFixture({ questions: 8 })).arms.filter((arm) => arm.status === "ok");
      const [rag, tuned] = ["rag", "tuned"].map((name) => arms.find((arm) => arm.name === name)!);
      const [entry] = measureBreakEven(
        [
          { ...rag!, cost: { ...rag!.cost, per1000Answers: 5, n: 40, basis } },
          { ...tuned!, metrics: rag!.metrics, cost: { ...tuned!.cost, per1000Answers, n, basis } },
        ],
        "correct",
      );
      expect(entry!.words).toMatch(words);
    },
  );

  it("finds the number of answers at which training has paid for itself, or never", () => {
    const untrained = {
      per1000Answers: 5,
      low: null,
      high: null,
      basis: "time",
      n: 2,
      secondsPerAnswer: 1,
      training: 0,
    } as const;
    expect(breakEvenRequests({ ...untrained, per1000Answers: 4.5, training: 1 }, untrained)).toBe(2000);
    // Less than a tenth: within what one run differs from the next.
    expect(breakEvenRequests({ ...untrained, per1000Answers: 4.51, training: 1 }, untrained)).toBeNull();
    expect(breakEvenRequests({ ...untrained, per1000Answers: 3, training: 1 }, untrained)).toBe(500);
    expect(breakEvenRequests({ ...untrained, training: 1 }, untrained)).toBeNull();
    expect(breakEvenRequests({ ...untrained, per1000Answers: 9, training: 1 }, untrained)).toBeNull();
    expect(breakEvenRequests({ ...untrained, per1000Answers: 9 }, untrained)).toBe(0);
  });
});
