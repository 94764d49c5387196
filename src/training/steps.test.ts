import { expect, test } from "vitest";
import type { EncodedExample } from "./objectives/encode.ts";
import { planBatches } from "./objectives/pack.ts";
import { planSteps } from "./steps.ts";

/** 20 examples that fill a row each: 10 batches of 2 an epoch. */
const examples = Array.from({ length: 20 }, (_, i): EncodedExample => ({
  id: `${i}`,
  ids: new Int32Array(9),
  completionStart: 5,
}));
const settings = { num_epochs: 2, gradient_accumulation_steps: 1, evals_per_epoch: 2, seed: 3 };
const plan = (changed: Partial<typeof settings> & { max_steps?: number }) =>
  planSteps((stream) => planBatches(examples, { batch: 2, length: 8, scored: 16 }, stream), {
    ...settings,
    ...changed,
  });
const seen = (steps: ReturnType<typeof plan>) => steps.flatMap((step) => step.batches.flat(2));

test("every epoch shows every example once, in another order", () => {
  const steps = plan({});
  expect(steps).toHaveLength(20);
  const [first, second] = [seen(steps.slice(0, 10)), seen(steps.slice(10))];
  expect(first).not.toEqual(second);
  for (const order of [first, second]) expect(order.sort((a, b) => a - b)).toEqual([...examples.keys()]);
});

test("accumulation puts several batches into a step; an epoch's last step takes what is left", () => {
  const steps = plan({ gradient_accumulation_steps: 4 });
  expect(steps.map((step) => step.batches.length)).toEqual([4, 4, 2, 4, 4, 2]);
  expect(steps.map((step) => step.epoch)).toEqual([1 / 3, 2 / 3, 1, 1 + 1 / 3, 1 + 2 / 3, 2]);
});

test("max_steps ends the run early, with a validation", () => {
  const steps = plan({ max_steps: 13 });
  expect(steps).toEqual([...plan({}).slice(0, 12), { ...plan({})[12]!, validate: true }]);
  expect(plan({ max_steps: 99 })).toEqual(plan({}));
});

test("validations are spread over the epoch, and the last step is always one", () => {
  const at = (steps: ReturnType<typeof plan>) =>
    steps.flatMap((step, index) => (step.validate ? [index + 1] : []));
  expect(at(plan({}))).toEqual([5, 10, 15, 20]);
  expect(at(plan({ num_epochs: 0.7, evals_per_epoch: 3 }))).toEqual([4, 7]);
  expect(at(plan({ num_epochs: 0.001 }))).toEqual([1]);
  expect(at(plan({ gradient_accumulation_steps: 10, evals_per_epoch: 4 }))).toEqual([1, 2]);
});
