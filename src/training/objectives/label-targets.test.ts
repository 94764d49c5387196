import { expect, test } from "vitest";
import type { Example } from "../../contracts/index.ts";
import { labelTargets } from "./label-targets.ts";

const examples = (...completions: string[]): Example[] =>
  completions.map((completion, i) => ({
    id: `e${i}`,
    prompt: [{ role: "user", content: "?" }],
    completion,
  }));

test("labels are the training answers; several are parted by semicolons; numbers are read", () => {
  const one = labelTargets(examples("b", "a", "b", "a"), examples("a"), "single_label_classification");
  expect(one).toEqual({ labels: ["a", "b"], train: [[1], [0], [1], [0]], validation: [[0]] });
  const several = labelTargets(examples("a; b", "b", "", "a"), [], "multi_label_classification");
  expect(several.train).toEqual([
    [1, 1],
    [0, 1],
    [0, 0],
    [1, 0],
  ]);
  expect(labelTargets(examples("1.5", "-2"), [], "regression").train).toEqual([[1.5], [-2]]);
});

test.each([
  ["one label", ["a", "a"], [], "LORAG_ONE_LABEL"],
  ["texts", ["a b", "c d", "e f"], [], "LORAG_NOT_LABELS"],
  ["a label that training has not", ["a", "b", "a", "b"], ["c"], "LORAG_UNSEEN_LABEL"],
])("%s is refused", (_, train, validation, code) => {
  const read = () => labelTargets(examples(...train), examples(...validation), "single_label_classification");
  expect(read).toThrow(expect.objectContaining({ code }));
});

test("a regression's answer that is no number is refused", () => {
  expect(() => labelTargets(examples("3 km"), [], "regression")).toThrow(
    expect.objectContaining({ code: "LORAG_NOT_LABELS" }),
  );
});
