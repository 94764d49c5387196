import { expect, test } from "vitest";
import type { GradeOverride, QuestionRecord } from "../contracts/index.ts";
import { overrideGrades } from "./override-grades.ts";

const record = {
  id: "q1",
  arms: {
    rag: { text: "9.40", scores: { correct: 0, f1Normalised: 0, f1: 0.4 }, why: "another figure" },
    base: { text: "9", scores: { correct: 1, f1Normalised: 1, f1: 1 }, why: "same" },
  },
} as unknown as QuestionRecord;
const override: GradeOverride = {
  question: "q1",
  arm: "rag",
  answer: "9.40",
  correct: true,
  reason: "the gold is old",
  at: "2026-01-01T00:00:00Z",
};

test("an override sets what decides, keeps the rest, and says what it was and why", () => {
  const { arms } = overrideGrades(record, [override]);
  expect(arms["rag"]!.scores).toMatchObject({ correct: 1, f1Normalised: 1, f1: 0.4 });
  expect(arms["rag"]!.overridden).toEqual({ was: false, reason: "the gold is old" });
  expect(arms["rag"]!.why).toContain("the gold is old");
  expect(arms["base"]).toBe(record.arms["base"]);
});

test("an override of another question, arm or answer, or one taken back, changes nothing", () => {
  const others = [
    { ...override, question: "q2" },
    { ...override, arm: "gone" },
    { ...override, answer: "9.50" },
    { ...override, correct: null },
  ];
  expect(overrideGrades(record, others)).toEqual(record);
});
