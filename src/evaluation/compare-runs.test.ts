import { expect, test } from "vitest";
import type { Results } from "../contracts/index.ts";
import { compareRuns } from "./compare-runs.ts";

const results = (right: Record<string, boolean>, golds: Record<string, string> = {}): Results =>
  ({
    arms: [{ name: "rag", status: "ok" }],
    questions: Object.entries(right).map(([id, isRight]) => ({
      id,
      gold: golds[id] ?? "gold",
      arms: { rag: { text: `${id} ${isRight}`, scores: { correct: isRight ? 1 : 0 } } },
    })),
  }) as unknown as Results;

test("gains and losses over the questions that both runs asked", () => {
  const before = results({ a: true, b: false, c: false, d: true, old: true, changed: true });
  const after = results(
    { a: true, b: true, c: true, d: false, new: true, changed: true },
    { changed: "another gold" },
  );
  const { shared, onlyBefore, onlyAfter, arms, changes } = compareRuns(before, after);
  expect([shared, onlyBefore, onlyAfter]).toEqual([4, 2, 2]);
  expect(arms).toEqual([
    { name: "rag", n: 4, before: 2, after: 3, gained: 2, lost: 1, p: 1, isChance: true },
  ]);
  expect(changes.map(({ id, isRight }) => [id, isRight])).toEqual([
    ["b", true],
    ["c", true],
    ["d", false],
  ]);
});

test("six gains and no loss are more than chance", () => {
  const ids = ["a", "b", "c", "d", "e", "f"];
  const all = (value: boolean) => results(Object.fromEntries(ids.map((id) => [id, value])));
  const [arm] = compareRuns(all(false), all(true)).arms;
  expect(arm!.p).toBeCloseTo(0.03125, 10);
  expect(arm!.isChance).toBe(false);
});
