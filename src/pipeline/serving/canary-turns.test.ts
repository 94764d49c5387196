import { expect, it } from "vitest";
import { createCanaryTurns } from "./canary-turns.ts";

it("gives the canary its share of the users, each of whom has one answerer, and of those without a name evenly", () => {
  const turns = createCanaryTurns();
  const users = Array.from({ length: 10_000 }, (_, index) => `user ${index}`);
  const of = (share: number, version = "2"): string[] =>
    users.filter((user) => turns.isCanarys("support", { version, share }, user));
  const few = of(0.05);
  expect(few.length).toBeGreaterThan(400);
  expect(few.length).toBeLessThan(600);
  expect(of(0.05)).toEqual(few);
  const more = new Set(of(0.2));
  expect(few.every((user) => more.has(user))).toBe(true);
  expect(of(1)).toHaveLength(users.length);
  // The next canary does not always fall on the same users.
  expect(of(0.05, "3").filter((user) => few.includes(user)).length).toBeLessThan(100);
  const evenly = Array.from({ length: 100 }, () =>
    turns.isCanarys("support", { version: "2", share: 0.05 }, undefined),
  );
  expect(evenly.filter(Boolean)).toHaveLength(5);
});
