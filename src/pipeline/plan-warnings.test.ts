import { expect, test } from "vitest";
import { planWarnings } from "./plan-warnings.ts";

const plan = { examples: 8, tooLong: [], longest: 60, steps: 20, done: 0, tokens: 100, ignored: [] };
const settings = { sequence_len: 64, max_steps: undefined };

test("a plan without trouble warns of nothing", () => {
  expect(planWarnings(plan, "tuned", settings)).toEqual([]);
});

test("examples that are too long are named, with what to do", () => {
  const [warning] = planWarnings({ ...plan, tooLong: ["a", "b"], longest: 99 }, "tuned", settings);
  expect(warning).toMatchObject({ code: "LORAG_TOO_LONG" });
  expect(warning!.message).toMatch(
    /^Left out of training tuned: 2 examples longer than sequence_len 64 \(a, b\)\. Set sequence_len to 99/,
  );
});

test("checkpoints that were not used are named, with where training began instead", () => {
  const damaged = { ...plan, ignored: ["c/step-8 is damaged"] };
  expect(planWarnings(damaged, "tuned", settings)).toEqual([
    {
      code: "LORAG_CHECKPOINTS_IGNORED",
      message: "Training tuned began anew, without these checkpoints: c/step-8 is damaged.",
    },
  ]);
  const [older] = planWarnings({ ...damaged, done: 6 }, "tuned", settings);
  expect(older!.message).toContain("went on from step 6");
});

test("a training of few steps is told, with the key that ends it", () => {
  expect(planWarnings({ ...plan, steps: 3 }, "tuned", settings)).toEqual([
    {
      code: "LORAG_FEW_STEPS",
      message:
        "Training tuned takes only 3 steps, too few to learn from: raise num_epochs, or lower micro_batch_size, " +
        "gradient_accumulation_steps or sequence_len.",
    },
  ]);
  const [capped] = planWarnings({ ...plan, steps: 1 }, "tuned", { ...settings, max_steps: 1 });
  expect(capped!.message).toBe("Training tuned takes only 1 step, too few to learn from: raise max_steps.");
});
