import { expect, it } from "vitest";
import { chartWidth, letterWidth, measureNames, pickPowers, writeRowName } from "./frame.ts";

it("spans figures with powers of ten", () => {
  expect(pickPowers(0.004, 3)).toEqual([0.001, 0.01, 0.1, 1, 10]);
  expect(pickPowers(0.01, 100)).toEqual([0.01, 0.1, 1, 10, 100]);
});

it("has room for the names of rows, and squeezes one that would take over half of the chart", () => {
  for (const name of ["rag", "base-hosted-large", "a-name-of-24-letters-abc"]) {
    const start = measureNames(["rag", name]);
    expect(start).toBeGreaterThanOrEqual(name.length * letterWidth);
    expect(writeRowName(name, start, 10).markup).not.toContain("textLength");
  }
  const start = measureNames(["x".repeat(64)]);
  expect(start).toBe(chartWidth / 2);
  expect(writeRowName("x".repeat(64), start, 10).markup).toContain(`textLength="${start - 10}"`);
});
