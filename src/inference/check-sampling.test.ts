import { expect, test } from "vitest";
import { greedy, type Sampling } from "../contracts/index.ts";
import { checkSampling } from "./check-sampling.ts";

test("what is absent or undefined is plain greedy", () => {
  expect(checkSampling()).toEqual(greedy);
  const sampling = { temperature: 0.7, maxTokens: undefined, stop: ["\n"] } as unknown as Partial<Sampling>;
  expect(checkSampling(sampling)).toEqual({ ...greedy, temperature: 0.7, stop: ["\n"] });
});

test.each([
  ["maxTokens", 0],
  ["maxTokens", NaN],
  ["maxTokens", 1.5],
  ["maxTokens", null],
  ["temperature", NaN],
  ["temperature", -1],
  ["temperature", Infinity],
  ["topP", 0],
  ["topP", 1.01],
  ["topP", "1"],
  ["topK", -1],
  ["repetitionPenalty", 0],
  ["stop", "."],
  ["stop", [1]],
  ["seed", 0.5],
])("%s: %j is refused by name", (key, value) => {
  expect(() => checkSampling({ [key]: value })).toThrowError(
    expect.objectContaining({ code: "LORAG_SAMPLING", message: expect.stringContaining(`${key} is `) }),
  );
});
