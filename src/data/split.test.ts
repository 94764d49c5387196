import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Example } from "../contracts/index.ts";
import { example } from "./examples.case.ts";
import { findLeaks } from "./leaks.ts";
import { splitExamples } from "./split.ts";

const split = (examples: Example[], size: number, seed: number) =>
  splitExamples(examples, size, seed, "val_set_size");

const words = fc.constantFrom(
  "ferry",
  "fare",
  "dog",
  "car",
  "child",
  "north",
  "quay",
  "bar",
  "dock",
  "bike",
  "rain",
  "log",
);
const examplesOf = fc
  .array(
    fc.tuple(fc.array(words, { minLength: 1, maxLength: 6 }), fc.constantFrom("fact", "changed", undefined)),
    {
      minLength: 2,
      maxLength: 60,
    },
  )
  .map((rows) =>
    rows.map(([question, type], i) => example(`q${i}`, question.join(" "), "A", type ? { type } : {})),
  );

test("every example lands on one side, near-duplicates never straddle, the same seed splits the same", () => {
  fc.assert(
    fc.property(
      examplesOf,
      fc.double({ min: 0.05, max: 0.9, noNaN: true }),
      fc.nat(),
      (examples, share, seed) => {
        const wanted = Math.max(1, Math.round(share * examples.length));
        fc.pre(wanted < examples.length);
        const { train, heldOut } = split(examples, share, seed);
        expect([...train, ...heldOut].map(({ id }) => id).sort()).toEqual(
          examples.map(({ id }) => id).sort(),
        );
        expect(findLeaks(train, heldOut)).toEqual([]);
        expect(heldOut.length).toBeLessThanOrEqual(wanted);
        expect(split(examples, share, seed)).toEqual({ train, heldOut });
      },
    ),
    { numRuns: 60 },
  );
});

const distinct = Array.from({ length: 100 }, (_, i) =>
  example(`q${i}`, `question${i} word${i}`, "A", {
    type: i < 70 ? "fact" : i < 90 ? "changed" : "unanswerable",
  }),
);

test("a share or a count, taken from each type alike", () => {
  for (const size of [0.2, 20]) {
    const { heldOut } = split(distinct, size, 1);
    const count = (type: string) => heldOut.filter((one) => one.type === type).length;
    expect([count("fact"), count("changed"), count("unanswerable")]).toEqual([14, 4, 2]);
  }
  expect(split(distinct, 0, 1).train).toHaveLength(100);
  expect(split(distinct, 20, 1)).not.toEqual(split(distinct, 20, 2));
});

test.each([100, 2.5, -1, Number.NaN])("val_set_size %d is refused", (size) => {
  expect(() => split(distinct, size, 1)).toThrow(/val_set_size .* cannot be split off 100 examples/);
});

test.each([
  ["test_set_size", 0.2, /test_datasets/],
  ["test_set_size", 1, /test_datasets/],
  ["val_set_size", 0.1, /val_set_size to 0/],
] as const)("of a single example, %s %d is right and the examples are too few", (key, size, next) => {
  expect(() => splitExamples(distinct.slice(0, 1), size, 1, key)).toThrow(
    expect.objectContaining({
      code: "LORAG_TOO_FEW_EXAMPLES",
      exitCode: 65,
      message: expect.stringMatching(new RegExp(`is 1 example to split by ${key}`)),
      next: expect.stringMatching(next),
    }),
  );
  expect(splitExamples(distinct.slice(0, 2), size, 1, key).heldOut).toHaveLength(1);
});

test("a group stays on one side, and time holds out the newest", () => {
  const dated = distinct.map((one, i) => ({
    ...one,
    metadata: { customer: `c${i % 20}`, date: `2024-${String(12 - Math.floor(i / 10)).padStart(2, "0")}-01` },
  }));
  const group = splitExamples(dated, 0.2, 1, "test_set_size", { by: "group", key: "customer" });
  const customers = (side: Example[]) => new Set(side.map(({ metadata }) => metadata!["customer"]));
  expect(group.heldOut).toHaveLength(20);
  expect(customers(group.heldOut).size).toBe(4);
  expect([...customers(group.heldOut)].filter((one) => customers(group.train).has(one))).toEqual([]);

  const time = splitExamples(dated, 15, 1, "test_set_size", { by: "time", key: "date" });
  expect(time.heldOut.map(({ id }) => id)).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 18, 19].map((i) => `q${i}`),
  );
  expect(splitExamples(distinct, 20, 1, "test_set_size", { by: "random" }).heldOut).toHaveLength(20);
});

test.each([
  [{ by: "group" }, /split_key does not say/],
  [{ by: "group", key: "customer" }, /100 examples have no customer .* q0, q1, q2/],
  [{ by: "time", key: "type" }, /q0 has type "fact", which is no time/],
] as const)("%j cannot split what has no such key", (splitBy, message) => {
  expect(() => splitExamples(distinct, 20, 1, "test_set_size", splitBy)).toThrow(message);
});
