import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { EncodedExample } from "./encode.ts";
import { shapeFor } from "./batch-shape.ts";
import { scoredCount } from "./encode.ts";
import { fillBatch, planBatches } from "./pack.ts";

const length = 24;
/** Prompts of two token ids only, so that many begin alike; completions of ids that no other example has. */
const examplesOf = fc
  .array(
    fc.tuple(
      fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 12 }),
    ),
    { minLength: 1, maxLength: 60 },
  )
  .map((sizes) => {
    let next = 100;
    return sizes.map(([prompt, completion], index): EncodedExample => ({
      id: `e${index}`,
      ids: Int32Array.from([...prompt, ...Array.from({ length: completion }, () => next++)]),
      completionStart: prompt.length,
    }));
  });
const shapeOf = (examples: EncodedExample[], rows: number) => shapeFor(examples, rows, length);

test("every target is scored once and sees its own sequence's tokens alone, whatever shares the row or its beginning", () => {
  fc.assert(
    fc.property(examplesOf, fc.integer({ min: 1, max: 4 }), fc.nat(), (examples, rows, seed) => {
      const shape = shapeOf(examples, rows);
      const scoredTargets: number[] = [];
      for (const plan of planBatches(examples, shape, [seed], 4)) {
        const batch = fillBatch(plan, examples, shape);
        expect(plan.length).toBeLessThanOrEqual(shape.batch);
        expect(batch.scored.length).toBeLessThanOrEqual(shape.scored);
        expect(batch.ids).toHaveLength(shape.batch * shape.length);
        for (const [i, place] of batch.scored.entries()) {
          const target = batch.targets[i]!;
          scoredTargets.push(target);
          const owner = examples.find((example) => example.ids.includes(target))!;
          const position = owner.ids.indexOf(target) - 1;
          expect(batch.positions[place]).toBe(position);
          const row = Math.floor(place / shape.length) * shape.length;
          const seen = [];
          for (let at = row; at <= place; at++) {
            if (batch.ends[at]! > place - row) seen.push(at);
          }
          expect(seen.map((at) => batch.ids[at])).toEqual(Array.from(owner.ids.slice(0, position + 1)));
          expect(seen.map((at) => batch.positions[at])).toEqual([...seen.keys()]);
        }
      }
      const expected = examples.flatMap((example) => Array.from(example.ids.slice(example.completionStart)));
      expect(scoredTargets.sort((a, b) => a - b)).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

test("a beginning that sequences have in common is laid out once in a row", () => {
  const system = Array.from({ length: 20 }, (_, i) => 1000 + i);
  const examples = Array.from({ length: 6 }, (_, i): EncodedExample => ({
    id: `${i}`,
    ids: Int32Array.from([...system, i, 50, 60]),
    completionStart: 22,
  }));
  const shape = { batch: 1, length: 32, scored: 32 };
  const [plan, ...others] = planBatches(examples, shape, [0]);
  expect(others).toEqual([]);
  expect(fillBatch(plan!, examples, shape).tokens).toBe(20 + 6 * 2);
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
    ids: new Int32Array(3 + ((i * 7) % 60)).fill(i),
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

test("rows are as long as is cheapest: examples fill them, beginnings are shared, and attention stays short", () => {
  const sized = (size: number, alike: number) =>
    Array.from({ length: 300 }, (_, i): EncodedExample => ({
      id: `${i}`,
      ids: Int32Array.from({ length: size }, (_, place) => (place < alike ? 0 : i)),
      completionStart: size - 5,
    }));
  expect(shapeFor(sized(301, 0), 2, 512)).toMatchObject({ batch: 3, length: 320 });
  expect(shapeFor(sized(65, 0), 2, 512)).toMatchObject({ batch: 16, length: 64 });
  expect(shapeFor(sized(129, 100), 2, 512).length).toBeGreaterThan(256);
  expect(shapeFor([...sized(200, 0), withTargets(5, 500)], 2, 512).length).toBe(512);
});

test("short examples make small batches, of about 16; long ones fill what there is", () => {
  const sized = (size: number) =>
    Array.from({ length: 400 }, (_, i): EncodedExample => ({
      ...withTargets(3, size),
      ids: new Int32Array(size).fill(i),
    }));
  const inBatch = (examples: EncodedExample[]): number => {
    const plans = planBatches(examples, shapeFor(examples, 4, 512), [0]);
    return examples.length / plans.length;
  };
  expect(inBatch(sized(20))).toBeGreaterThan(12);
  expect(inBatch(sized(20))).toBeLessThan(26);
  expect(inBatch(sized(100))).toBeCloseTo(16, -1);
  expect(inBatch(sized(400))).toBeGreaterThan(3.5);
});

test("twice the examples in long rows are planned with about twice the looks at their tokens", () => {
  let looks = 0;
  const watched = (ids: Int32Array): Int32Array =>
    new Proxy(ids, {
      get: (target, key) => {
        looks++;
        return Reflect.get(target, key, target) as unknown;
      },
    });
  const looksFor = (count: number): number => {
    const examples = Array.from({ length: count }, (_, i): EncodedExample => ({
      id: `${i}`,
      ids: watched(Int32Array.from([...Array<number>(20).fill(1), i % 7, i, 50, 60])),
      completionStart: 22,
    }));
    looks = 0;
    planBatches(examples, { batch: 4, length: 2048, scored: 4096 }, [0]);
    return looks;
  };
  expect(looksFor(400) / looksFor(200)).toBeLessThan(2.6);
});
