import { expect, test } from "vitest";
import { fingerprintRun } from "./fingerprint-run.ts";
import { tinySettings } from "./tiny-llama.case.ts";

const shape = { batch: 2, length: 64, scored: 32 };
const data: [number[][], number[][]] = [[[1, 1, 2, 3]], [[1, 4, 5]]];

test("whatever changes the steps of a training changes its fingerprint", () => {
  const runs = [
    fingerprintRun("m", tinySettings, [shape, ...data]),
    fingerprintRun("n", tinySettings, [shape, ...data]),
    fingerprintRun("m", { ...tinySettings, seed: 8 }, [shape, ...data]),
    fingerprintRun("m", tinySettings, [{ ...shape, length: 96 }, ...data]),
    fingerprintRun("m", tinySettings, [shape, [[1, 1, 2, 4]], data[1]]),
    fingerprintRun("m", tinySettings, [shape, [[2, 1, 2, 3]], data[1]]),
    fingerprintRun("m", tinySettings, [shape, data[0], []]),
    fingerprintRun("m", tinySettings, [shape, data[1], data[0]]),
  ];
  expect(new Set(runs).size).toBe(runs.length);
  expect(fingerprintRun("m", { ...tinySettings }, [{ ...shape }, ...data])).toBe(runs[0]);
});
