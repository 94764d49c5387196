import { describe, expect, it } from "vitest";
import { namedRandom } from "../random/index.ts";
import { evaluate } from "./evaluate.ts";
import { makeFixture, makeManyArms } from "./fixture.case.ts";
import type { FinishedArm } from "./input.ts";
import { fitCurve, quantilesOver, scoreAt, shareAt } from "./statistics/fit-curve.ts";

const shares = [1 / 8, 1 / 4, 1 / 2, 1];
const luck = 0.04;

/** Points of a curve with normal luck, fitted as it is: 20 times. */
function simulate(truth: { ceiling: number; atAll: number; rate: number }, target: number) {
  const random = namedRandom(4, JSON.stringify(truth));
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const covariance = shares.map((_, row) => shares.map((__, column) => (row === column ? luck ** 2 : 0)));
  return Array.from({ length: 20 }, () => {
    const points = shares.map((share) => ({ share, score: scoreAt(truth, share) + luck * normal() }));
    const fit = fitCurve(points, covariance, [0, 1]);
    const needed = quantilesOver(fit, (curve) => shareAt(curve, target), [0.025, 0.975]);
    const doubling = quantilesOver(fit, (curve) => scoreAt(curve, 2) - curve.atAll, [0.025, 0.975]);
    return { needed, doubling, evidence: fit.evidence };
  });
}

const holds = ([low, high]: number[], value: number) => low! - 1e-3 <= value && value <= high! + 1e-3;

describe("a fitted learning curve", () => {
  it.each([
    [{ ceiling: 0.7, atAll: 0.45, rate: 0.4 }, 0.52],
    [{ ceiling: 0.6, atAll: 0.5, rate: 0.9 }, 0.53],
    [{ ceiling: 0.55, atAll: 0.3, rate: 0.4 }, 0.38],
    [{ ceiling: 0.9, atAll: 0.6, rate: 0.5 }, 0.7],
  ])("of %j holds the truth at its rate", (truth, target) => {
    const fits = simulate(truth, target);
    const needed = shareAt(truth, target);
    const doubling = scoreAt(truth, 2) - truth.atAll;
    expect(fits.filter((fit) => holds(fit.needed, needed)).length).toBeGreaterThanOrEqual(17);
    expect(fits.filter((fit) => holds(fit.doubling, doubling)).length).toBeGreaterThanOrEqual(17);
  });

  it("has no clear rise where there is none, 9 times in 10 at least", () => {
    const level = simulate({ ceiling: 0.4, atAll: 0.4, rate: 0.5 }, 0.5);
    expect(level.filter(({ evidence }) => evidence > 3.84).length).toBeLessThanOrEqual(2);
  });

  it("works with three points", () => {
    const points = [0.25, 0.5, 1].map((share) => ({ share, score: 0.5 - 0.2 * share ** -0.4 }));
    const covariance = points.map((_, row) => points.map((__, column) => (row === column ? 0.02 ** 2 : 0)));
    const [low, high] = quantilesOver(
      fitCurve(points, covariance, [0, 1]),
      (curve) => shareAt(curve, 0.35),
      [0.025, 0.975],
    );
    expect(low).toBeLessThan(0.2 ** 2.5 / 0.15 ** 2.5);
    expect(high).toBeGreaterThan(0.2 ** 2.5 / 0.15 ** 2.5);
  });
});

describe("the learning curve of an arm", () => {
  const input = makeManyArms({ questions: 48 });
  const curveOf = (name: string, change: (arm: FinishedArm) => FinishedArm = (arm) => arm) => {
    const arms = input.arms
      .filter((arm) => ["base", "rag", "tuned", "tuned-rag"].includes(arm.name))
      .map((arm) => change(arm as FinishedArm));
    const results = evaluate({ ...input, arms });
    const arm = results.arms.find((one) => one.name === name)!;
    return arm.status === "ok" ? { curve: arm.curve!, next: results.verdict.next } : undefined;
  };

  it("is there only where it was trained on fewer examples, and says what more would do", () => {
    const { curve, next } = curveOf("tuned-rag")!;
    expect(curve.points.map(({ examples }) => examples)).toEqual([36, 72, 144, 288]);
    expect(curve.help).toBe("likely");
    expect(curve.words).toMatch(/^More examples are likely to help: tuned-rag was trained on 288 examples/);
    expect(next).toContain(curve.words);
    expect(curve.target).toBeNull();
    expect(
      evaluate(makeFixture({ questions: 12 })).arms.every((arm) => !("curve" in arm) || arm.curve === null),
    ).toBe(true);
  });

  it("says that nothing can be said, or that more does not help, where scores are level", () => {
    const { curve } = curveOf("tuned", (arm) =>
      arm.smaller === undefined
        ? arm
        : { ...arm, retrained: [], smaller: arm.smaller.map((one) => ({ ...one, answers: arm.answers })) },
    )!;
    expect(curve.help).not.toBe("likely");
    expect(curve.words).toMatch(
      /^(More examples are unlikely to help|Whether more examples help cannot be said)/,
    );
  });
});

it("holds what trainings with other seeds answer and score", () => {
  const results = evaluate(makeManyArms({ questions: 32 }));
  const tuned = results.arms.find(({ name }) => name === "tuned-rag");
  if (tuned?.status !== "ok") throw new Error("tuned-rag failed");
  expect(tuned.trainings.map(({ seed }) => seed)).toEqual([7, 43, 44]);
  const mean = tuned.trainings.reduce((sum, { correct }) => sum + correct, 0) / 3;
  expect(tuned.metrics.correct.value).toBeCloseTo(mean, 12);
  expect(results.questions[0]!.arms["tuned-rag"]!.retrained).toHaveLength(2);
  expect(results.tests.filter(({ metric }) => metric === results.primary).length).toBeLessThanOrEqual(
    11 + 11 + 12,
  );
  expect(results.tests.find(({ a, against }) => a === "tuned-rag" && against === "baseline")!.b).toBe("rag");
  expect(results.tests.find(({ a, against }) => a === "rag-hosted-large" && against === "baseline")!.b).toBe(
    "base-hosted-large",
  );
});

it("tells of five arms that fail for one reason in one line", () => {
  const { verdict } = evaluate(makeManyArms({ questions: 24, failures: 5 }));
  expect(verdict.caveats.slice(0, 2)).toEqual([
    "5 of 12 arms failed.",
    "base-hosted-small, rag-hosted-small, base-hosted-large, rag-hosted-large and tuned-rag-dora failed and are not compared: http://127.0.0.1:8000/v1 does not answer.",
  ]);
  expect(verdict.next.filter((line) => line.startsWith("Repair"))).toHaveLength(1);
});

it("says that training did not help where the first step is the one kept", () => {
  const input = makeFixture({ questions: 24 });
  const arms = input.arms.map((arm) =>
    arm.status === "ok" && arm.name === "tuned"
      ? { ...arm, training: { ...arm.training!, bestStep: 0 } }
      : arm,
  );
  expect(evaluate({ ...input, arms }).verdict.caveats.join(" ")).toContain("Training did not help tuned");
});
