import { expect, test } from "vitest";
import type { EncodedExample } from "./encode.ts";
import { fingerprintRun } from "./fingerprint-run.ts";
import { tinySettings } from "./tiny-llama.case.ts";

const example = (ids: number[], completionStart = 1): EncodedExample => ({
  id: "e",
  ids: Int32Array.from(ids),
  completionStart,
});
const shape = { batch: 2, length: 64, scored: 32 };
const data = { train: [example([1, 2, 3])], validation: [example([4, 5])] };

test("whatever changes the steps of a training changes its fingerprint", () => {
  const runs = [
    fingerprintRun("m", tinySettings, shape, data),
    fingerprintRun("n", tinySettings, shape, data),
    fingerprintRun("m", { ...tinySettings, seed: 8 }, shape, data),
    fingerprintRun("m", tinySettings, { ...shape, length: 96 }, data),
    fingerprintRun("m", tinySettings, shape, { ...data, train: [example([1, 2, 4])] }),
    fingerprintRun("m", tinySettings, shape, { ...data, train: [example([1, 2, 3], 2)] }),
    fingerprintRun("m", tinySettings, shape, { ...data, validation: [] }),
    fingerprintRun("m", tinySettings, shape, { train: data.validation, validation: data.train }),
  ];
  expect(new Set(runs).size).toBe(runs.length);
  expect(fingerprintRun("m", { ...tinySettings }, { ...shape }, data)).toBe(runs[0]);
});
