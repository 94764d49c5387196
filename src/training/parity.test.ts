import { expect, test } from "vitest";
import { compareScores } from "./parity.ts";
import type { Scored } from "./score-worker.ts";

const scored = (logProbabilities: number[], best = [1, 2], targets = [1, 2]): Scored => ({
  id: "a",
  targets,
  logProbabilities,
  best,
});

test("the largest difference counts, and the share of answers that stay the same to the last token", () => {
  const parity = compareScores(
    [
      [scored([-1, -2]), scored([-3, -4])],
      [scored([-1.5, -2]), scored([-3, -4.25])],
    ],
    [
      [scored([0, 0]), scored([0, 0])],
      [scored([0, 0]), scored([0, 0], [1, 3])],
    ],
  );
  expect(parity).toEqual({
    examples: 2,
    tokens: 4,
    largestDifference: 0.5,
    meanDifference: 0.1875,
    sameAnswers: 0.5,
  });
});

test("no number and other tokens never pass for small", () => {
  expect(compareScores([[scored([-1, -2])], [scored([NaN, -2])]], [[], []]).largestDifference).toBeNaN();
  const other = compareScores([[scored([-1, -2])], [scored([-1, -2], [1, 2], [1, 9])]], [[], []]);
  expect(other).toMatchObject({ largestDifference: Infinity, sameAnswers: null });
});
