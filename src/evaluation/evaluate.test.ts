import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { resultsSchema } from "../contracts/index.ts";
import type { ArmResult, ArmSummary, Results } from "../contracts/index.ts";
import { evaluate } from "./evaluate.ts";
import { makeFixture } from "./fixture.case.ts";
import type { EvaluationInput, FinishedArm } from "./input.ts";
import { recommend } from "./verdict/recommendation.ts";
import type { Evidence } from "./verdict/standing.ts";

let results: Results;
beforeAll(() => {
  results = evaluate(makeFixture());
});

function resultOf(results: Results, name: string): ArmResult {
  return results.arms.find((arm): arm is ArmResult => arm.status === "ok" && arm.name === name)!;
}

/** What the verdict is made from. */
function judge({ arms, floors, tests, prices }: Results): Evidence {
  return {
    arms,
    floors,
    tests,
    prices,
    selection: null,
    judges: [],
    task: { kind: "short answers", primary: "correct", labels: new Set(), grading: { mode: "auto" } },
  };
}

function scoreRight(arm: ArmSummary, value: number): ArmResult {
  const { metrics, ...rest } = arm as ArmResult;
  return { ...rest, metrics: { ...metrics, correct: { ...metrics.correct, value } } };
}

/** Every arm says what `source` says. */
function copyArm(input: EvaluationInput, source: string): EvaluationInput {
  const model = input.arms.find((arm) => arm.name === source) as FinishedArm;
  const { training: _, ...untrained } = model;
  return { ...input, arms: input.arms.map((arm) => ({ ...untrained, name: arm.name })) };
}

describe("evaluate", () => {
  it("fills the documented schema, and gives the same twice", () => {
    expect(resultsSchema.parse(results)).toEqual(results);
    expect(JSON.parse(JSON.stringify(results))).toEqual(results);
    expect(evaluate(makeFixture())).toEqual(results);
  });

  it("takes the gold, word for word, for an answer, though it reads like a refusal", () => {
    const input = makeFixture({ questions: 20 });
    const { id, completion } = input.questions.find(({ documents }) => documents!.length > 0)!;
    const arms = input.arms.map((arm) => {
      const { answers } = arm as FinishedArm;
      const said = { ...answers[id]!, text: `${completion} [1]`, abstained: true };
      return { ...(arm as FinishedArm), answers: { ...answers, [id]: said } };
    });
    const question = evaluate({ ...input, arms }).questions.find((each) => each.id === id)!;
    for (const record of Object.values(question.arms)) {
      expect(record).toMatchObject({ abstained: false, scores: { correct: 1, exactMatchNormalised: 1 } });
    }
  });

  it("scores what the records say", () => {
    const tuned = resultOf(results, "tuned-rag");
    const records = results.questions.map((question) => question.arms["tuned-rag"]!);
    const right = records.filter((record) => record.scores.correct === 1).length;
    expect(tuned.metrics.correct).toMatchObject({ value: right / 96, n: 96 });
    expect(tuned.abstention.abstained).toBe(records.filter((record) => record.abstained).length);
    expect(tuned.citations.total).toBe(records.flatMap((record) => record.citations).length);
    expect(tuned.latency.p50Ms).toBeLessThan(tuned.latency.p95Ms);
    expect(tuned.byType.map((entry) => entry.correct.n).reduce((a, b) => a + b)).toBe(96);
    const test = results.tests.find(
      (test) => test.metric === "correct" && test.a === "tuned-rag" && test.b === "rag",
    )!;
    expect(test.wins + test.losses + test.ties).toBe(96);
    expect((test.wins - test.losses) / 96).toBeCloseTo(test.difference, 12);
  });

  it("keeps every passage that is shown, once", () => {
    const shown = results.questions.flatMap((question) =>
      Object.values(question.arms).flatMap((answer) => [...answer.hits, ...answer.citations]),
    );
    for (const { chunkId } of shown) expect(results.passages[chunkId]).toBeDefined();
  });

  it("finds the arm that is better by far, and says how sure it is", () => {
    expect(results.verdict).toMatchObject({
      outcome: "winner",
      winner: "tuned-rag",
      choose: "tuned-rag",
      tied: ["tuned-rag"],
    });
    const few = evaluate(makeFixture({ questions: 12 })).verdict;
    expect(few.confidence).toBe("low");
    expect(few.caveats.join(" ")).toContain("Only 12 held-out questions");
  });

  it("shows a failed arm as failed and compares the rest", () => {
    const partial = evaluate(makeFixture({ questions: 40, failedArm: "tuned-rag" }));
    expect(partial.arms.find((arm) => arm.name === "tuned-rag")).toMatchObject({
      status: "failed",
      error: { code: "LORAG_LOSS_EXPLODED" },
    });
    expect(partial.verdict.choose).not.toBe("tuned-rag");
    expect(partial.verdict.caveats.join(" ")).toContain("tuned-rag failed");
    expect(partial.tests.some((test) => test.a === "tuned-rag" || test.b === "tuned-rag")).toBe(false);
  });

  it.each([
    ["still falling", [0, 1, 2], [3, 1, 0.5], true],
    ["falling, but for the last steps", [0, 10, 14, 15], [3, 2.5, 2.31, 2.3], true],
    ["level", [0, 1, 2], [3, 0.5, 0.5], false],
    ["rising", [0, 1, 2], [3, 0.4, 0.5], false],
  ])("validation loss %s at the end", (_, steps, curve, advised) => {
    const input = makeFixture({ questions: 40 });
    const losses = curve.map((validation, at) => ({ step: steps[at]!, train: null, validation }));
    const arms = input.arms.map((arm) =>
      arm.name === "tuned-rag" && "training" in arm && arm.training
        ? { ...arm, training: { ...arm.training, losses } }
        : arm,
    );
    const advice = evaluate({ ...input, arms }).verdict.next.find((line) => line.startsWith("Train longer"));
    expect(advice?.includes("tuned-rag") ?? false).toBe(advised);
  });

  it("has a verdict when every arm failed", () => {
    const input = makeFixture({ questions: 5 });
    const error = { code: "LORAG_X", kind: "internal", message: "It broke.", next: "Mend it." } as const;
    const failed = evaluate({
      ...input,
      arms: input.arms.map(({ name }) => ({ name, status: "failed", error })),
    });
    expect(failed.verdict).toMatchObject({ outcome: "none", winner: null, choose: null });
    expect(resultsSchema.parse(failed)).toEqual(failed);
  });

  it("gives the same verdict for any order of arms and questions", () => {
    const input = makeFixture({ questions: 30 });
    const expected = evaluate(input);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(input.arms, { minLength: 4 }),
        fc.shuffledSubarray(input.questions, { minLength: 30 }),
        (arms, questions) => {
          const permuted = evaluate({ ...input, arms, questions });
          expect(permuted.verdict).toEqual(expected.verdict);
          expect(permuted.tests).toEqual(expected.tests);
          expect(permuted.questions.map(({ id }) => id)).toEqual(questions.map(({ id }) => id));
        },
      ),
      { numRuns: 5 },
    );
  });

  it("calls identical arms no clear winner, whatever they say", () => {
    for (const source of ["rag", "tuned-rag"]) {
      const same = evaluate(copyArm(makeFixture({ questions: 40 }), source));
      expect(same.verdict).toMatchObject({ outcome: "no clear winner", winner: null });
      expect(same.verdict.tied).toHaveLength(4);
      expect(same.tests.filter((test) => test.against !== "floor").every((test) => test.p === 1)).toBe(true);
    }
  });

  it("says so when no arm beats the floor", () => {
    const { verdict } = evaluate(copyArm(makeFixture({ questions: 30 }), "base"));
    expect(verdict).toMatchObject({ outcome: "none", winner: null, choose: null });
    expect(verdict.headline).toMatch(/none beats the floor: .* scores higher .* can be chance/);
    // All wrong but one question in twenty.
    const many = copyArm(makeFixture({ questions: 120 }), "base");
    const poor = many.arms.map((arm) => {
      const { answers } = arm as FinishedArm;
      const spoilt = Object.entries(answers).map(
        ([id, answer], i) =>
          [id, i % 20 === 0 ? answer : { ...answer, text: "Nothing of the kind." }] as const,
      );
      return { ...(arm as FinishedArm), answers: Object.fromEntries(spoilt) };
    });
    const far = evaluate({ ...many, arms: poor }).verdict;
    expect(far.headline).toMatch(/none beats the floor: .* does better/);
    expect(far.reasons.at(-1)).toMatch(/^Clearly below the best floor/);
  });

  it("does not call a floor that is ahead by chance as good, nor as better", () => {
    const evidence = judge(evaluate(makeFixture({ questions: 30 })));
    const best = evidence.floors.find(({ name }) => name === "bm25-passage")!;
    const say = (value: number, significant: boolean) => {
      const floor = { ...best, metrics: { ...best.metrics, correct: { ...best.metrics.correct, value } } };
      const tests = evidence.tests.map((test) =>
        test.against === "floor" ? { ...test, b: best.name, difference: 0.8 - value, significant } : test,
      );
      return recommend({ ...evidence, arms: [scoreRight(evidence.arms[0]!, 0.8)], floors: [floor], tests });
    };
    expect(say(0.9, true).headline).toContain(
      "none beats the floor: bm25-passage does better without a language model.",
    );
    expect(say(0.9, false).headline).toContain(
      "none beats the floor: bm25-passage scores higher without a language model, though that can be chance.",
    );
    expect(say(0.8, false).headline).toContain(
      "none beats the floor: bm25-passage does as well without a language model.",
    );
    expect(say(0.9, false).reasons.join(" ")).toContain("Its answers are whole sentences of passages.");
  });

  it("tells of answer style in a lead only where there is a lead", () => {
    const evidence = judge(results);
    const tellsStyle = (value: number) => {
      const arms = evidence.arms.map((arm) => {
        const scored = scoreRight(arm, value);
        return arm.name === "tuned-rag"
          ? scoreRight({ ...scored, cost: { ...scored.cost, per1000Answers: 0, training: 0 } }, 0.4)
          : scored;
      });
      const { tied, reasons } = recommend({ ...evidence, arms });
      expect(tied[0]).toBe("tuned-rag");
      return reasons.some((reason) => reason.startsWith("Part of its lead is answer style"));
    };
    expect(tellsStyle(0.3)).toBe(true);
    expect(tellsStyle(0.4)).toBe(false);
  });

  it("names no winner where the best arm is not shown to beat the floor, however far the others are behind", () => {
    const input = makeFixture({ questions: 40 });
    const before = evaluate(input);
    const best = Math.max(...before.floors.map(({ metrics }) => metrics.correct.value));
    let keep = Math.round(best * 40) + 2;
    const right = new Set(
      before.questions
        .filter(({ arms }) => arms["tuned-rag"]!.scores.correct === 1 && keep-- > 0)
        .map(({ id }) => id),
    );
    const arms = input.arms.map((arm) => {
      const { answers } = arm as FinishedArm;
      const spoilt = Object.entries(answers).map(([id, answer]) => {
        const kept = arm.name === "tuned-rag" && right.has(id);
        return [id, kept ? answer : { ...answer, text: "Nothing of the kind.", abstained: false }] as const;
      });
      return { ...(arm as FinishedArm), answers: Object.fromEntries(spoilt) };
    });
    const { verdict } = evaluate({ ...input, arms });
    expect(verdict).toMatchObject({ outcome: "no clear winner", winner: null, confidence: "low" });
    expect(verdict.headline).toMatch(
      /^The best arm, tuned-rag, is .* ahead of .* but not shown to beat the floor/,
    );
  });

  it("takes the cheapest of the arms that are tied", () => {
    const same = copyArm(makeFixture({ questions: 40 }), "tuned-rag");
    const arms = same.arms.map((arm) => ({
      ...arm,
      machineTime: { secondsPerAnswer: arm.name === "tuned" ? 0.1 : 1, n: 40 },
    }));
    expect(evaluate({ ...same, arms }).verdict.choose).toBe("tuned");
  });
});

describe("evaluate refuses", () => {
  const input = makeFixture({ questions: 4 });
  const spoil = (change: (arm: FinishedArm) => FinishedArm) => ({
    ...input,
    arms: input.arms.map((arm) => (arm.name === "rag" ? change(arm as FinishedArm) : arm)),
  });
  const answers = (arm: FinishedArm, patch: object) => ({
    ...arm,
    answers: { ...arm.answers, q002: { ...arm.answers["q002"]!, ...patch } },
  });

  it("a NaN, naming the figure, the arm and the question", () => {
    const broken = spoil((arm) => answers(arm, { latencyMs: Number.NaN }));
    expect(() => evaluate(broken)).toThrow("latencyMs is NaN (arm rag, question q002)");
    expect(() => evaluate(broken)).toThrow(expect.objectContaining({ code: "LORAG_NOT_A_NUMBER" }));
    expect(() =>
      evaluate(spoil((arm) => ({ ...arm, machineTime: { secondsPerAnswer: Infinity, n: 4 } }))),
    ).toThrow("seconds per answer is Infinity");
  });

  it("a NaN in a loss curve", () => {
    const broken = {
      ...input,
      arms: input.arms.map((arm) => {
        if (arm.status === "failed" || arm.training === undefined) return arm;
        return {
          ...arm,
          training: { ...arm.training, losses: [{ step: 7, train: Number.NaN, validation: null }] },
        };
      }),
    };
    expect(() => evaluate(broken)).toThrow("training loss at step 7");
  });

  it("a missing answer, a repeated question, a repeated arm, nothing at all", () => {
    const missing = spoil((arm) => ({ ...arm, answers: {} }));
    expect(() => evaluate(missing)).toThrow("Arm rag has no answer to question q001");
    expect(() => evaluate({ ...input, questions: [...input.questions, input.questions[0]!] })).toThrow(
      "q001 occurs twice",
    );
    expect(() => evaluate({ ...input, arms: [...input.arms, input.arms[0]!] })).toThrow("base occurs twice");
    expect(() => evaluate({ ...input, questions: [] })).toThrow("no held-out questions");
    expect(() => evaluate({ ...input, arms: [] })).toThrow("no arms");
  });
});
