import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { EncodedExample } from "./encode.ts";
import { fillBatch, planBatches, scoredCount, shapeFor } from "./pack.ts";

const length = 24;
/** Token ids are unique over all examples, so that each can be told apart after packing. */
const examplesOf = fc
  .array(fc.tuple(fc.integer({ min: 2, max: length }), fc.nat()), { minLength: 1, maxLength: 60 })
  .map((sizes) => {
    let next = 1;
    return sizes.map(([size, split], index): EncodedExample => ({
      id: `e${index}`,
      ids: Int32Array.from({ length: size }, () => next++),
      completionStart: 1 + (split % (size - 1)),
    }));
  });
const shapeOf = (examples: EncodedExample[], rows: number) => shapeFor(examples, rows, length);

test("every target is scored once, right after its own sequence's tokens, whatever shares the row", () => {
  fc.assert(
    fc.property(examplesOf, fc.integer({ min: 1, max: 4 }), fc.nat(), (examples, rows, seed) => {
      const shape = shapeOf(examples, rows);
      const scoredTargets: number[] = [];
      for (const plan of planBatches(examples, shape, [seed], 4)) {
        const batch = fillBatch(plan, examples, shape);
        expect(plan.length).toBeLessThanOrEqual(rows);
        expect(batch.scored.length).toBeLessThanOrEqual(shape.scored);
        expect(batch.ids).toHaveLength(rows * length);
        for (const [i, place] of batch.scored.entries()) {
          const target = batch.targets[i]!;
          scoredTargets.push(target);
          const owner = examples.find((example) => example.ids.includes(target))!;
          const position = owner.ids.indexOf(target) - 1;
          expect(batch.positions[place]).toBe(position);
          // The tokens of its segment up to here, and no others, are the example's own.
          const row = Math.floor(place / length) * length;
          const seen = [];
          for (let at = row; at <= place; at++) {
            if (batch.segments[at] === batch.segments[place]) seen.push(batch.ids[at]);
          }
          expect(seen).toEqual(Array.from(owner.ids.slice(0, position + 1)));
        }
      }
      const expected = examples.flatMap((example) => Array.from(example.ids.slice(example.completionStart)));
      expect(scoredTargets.sort((a, b) => a - b)).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

test("the same names give the same plan, another epoch another one", () => {
  const examples = Array.from({ length: 40 }, (_, i): EncodedExample => ({
    id: `${i}`,
    ids: Int32Array.from({ length: 4 + (i % 13) }, (_, j) => j),
    completionStart: 2,
  }));
  const shape = shapeOf(examples, 2);
  expect(planBatches(examples, shape, [7, 0])).toEqual(planBatches(examples, shape, [7, 0]));
  expect(planBatches(examples, shape, [7, 0])).not.toEqual(planBatches(examples, shape, [7, 1]));
});

test("rows fill up: little is left empty", () => {
  const examples = Array.from({ length: 400 }, (_, i): EncodedExample => ({
    id: `${i}`,
    ids: new Int32Array(3 + ((i * 7) % 60)),
    completionStart: 2,
  }));
  const shape = { batch: 4, length: 128, scored: 512 };
  const plans = planBatches(examples, shape, [1]);
  const tokens = examples.reduce((sum, example) => sum + example.ids.length - 1, 0);
  expect(tokens / (plans.length * 4 * 128)).toBeGreaterThan(0.93);
});

const withTargets = (targets: number, size: number): EncodedExample => ({
  id: "",
  ids: new Int32Array(size),
  completionStart: size - targets,
});

test("room for scored positions: the usual batch with a margin, and never less than the longest completion", () => {
  const usual = [withTargets(4, 65), withTargets(12, 65)];
  expect(shapeFor(usual, 16, 64)).toEqual({ batch: 16, length: 64, scored: 160 });
  const oneLong = [withTargets(60, 65), ...Array.from({ length: 99 }, () => withTargets(1, 65))];
  expect(shapeFor(oneLong, 1, 64).scored).toBe(60);
  expect(scoredCount(usual[0]!)).toBe(4);
});

test("rows are cut to fit long examples, and stay whole where short ones fill them", () => {
  const sized = (size: number) => Array.from({ length: 300 }, () => withTargets(5, size));
  expect(shapeFor(sized(301), 2, 512).length).toBe(320);
  expect(shapeFor(sized(65), 2, 512).length).toBe(512);
  expect(shapeFor([...sized(200), withTargets(5, 500)], 2, 512).length).toBe(512);
});
