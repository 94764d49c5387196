import { expect, test } from "vitest";
import { planWarnings } from "./plan-warnings.ts";

const plan = { examples: 8, tooLong: [], longest: 60, steps: 10, done: 0, tokens: 100, ignored: [] };

test("a plan without trouble warns of nothing", () => {
  expect(planWarnings(plan, "tuned", 64)).toEqual([]);
});

test("examples that are too long are named, with what to do", () => {
  const [warning] = planWarnings({ ...plan, tooLong: ["a", "b"], longest: 99 }, "tuned", 64);
  expect(warning).toMatchObject({ code: "LORAG_TOO_LONG" });
  expect(warning!.message).toMatch(/^2 examples .* sequence_len 64 .* a.* b.*\. Set sequence_len to 99/);
});

test("checkpoints that were not used are named, with where training began instead", () => {
  const damaged = { ...plan, ignored: ["c/step-8 is damaged"] };
  expect(planWarnings(damaged, "tuned", 64)).toEqual([
    {
      code: "LORAG_CHECKPOINTS_IGNORED",
      message: "Training tuned began anew, without these checkpoints: c/step-8 is damaged.",
    },
  ]);
  const [older] = planWarnings({ ...damaged, done: 6 }, "tuned", 64);
  expect(older!.message).toContain("went on from step 6");
});
