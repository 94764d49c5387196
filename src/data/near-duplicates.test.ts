import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findSimilarPairs, groupPairs, normalise } from "./near-duplicates.ts";
import { randomStream, shuffle } from "../random/index.ts";

test("normalising drops case, accents, punctuation and space", () => {
  expect(normalise("  Où est\tl'Île-Dieu?! ")).toBe("ou est l ile dieu");
});

test("copies are found, and a changed word in a short question makes another question", () => {
  const texts = [
    "What is the fare for a child?",
    "what is the fare, for a CHILD",
    "What is the fare for a dog?",
  ];
  expect(findSimilarPairs(texts)).toEqual([{ left: 0, right: 1, similarity: 1 }]);
});

test("no pair is missed against measuring every pair", () => {
  const random = randomStream(3);
  const word = () => `w${Math.floor(random() * 40)}`;
  const texts = Array.from({ length: 150 }, () => Array.from({ length: 12 }, word).join(" "));
  const edited = texts.map((text) =>
    text
      .split(" ")
      .with(Math.floor(random() * 12), word())
      .join(" "),
  );
  const all = shuffle([...texts, ...edited], random);
  const shingles = all.map((text) => {
    const words = text.split(" ");
    return new Set([...words, ...words.slice(1).map((next, i) => `${words[i]} ${next}`)]);
  });
  const expected: string[] = [];
  for (const [left, a] of shingles.entries()) {
    for (const [offset, b] of shingles.slice(left + 1).entries()) {
      const shared = [...a].filter((item) => b.has(item)).length;
      if (shared / (a.size + b.size - shared) >= 0.7) expected.push(`${left} ${left + 1 + offset}`);
    }
  }
  expect(expected.length).toBeGreaterThan(60);
  const found = findSimilarPairs(all, 0.7).map(({ left, right }) => `${left} ${right}`);
  expect(found).toEqual(expected);
});

test("groups are the connected components, named by their smallest member", () => {
  expect(
    groupPairs(6, [
      { left: 3, right: 5 },
      { left: 1, right: 3 },
      { left: 2, right: 4 },
    ]),
  ).toEqual([0, 1, 2, 1, 2, 1]);
});

test("streams repeat by name, differ between names, and shuffling keeps every item", () => {
  const take = (...names: number[]) => Array.from({ length: 4 }, randomStream(...names));
  expect(take(1, 2)).toEqual(take(1, 2));
  expect(take(1, 2)).not.toEqual(take(2, 1));
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.nat(), (items, seed) => {
      const shuffled = shuffle(items, randomStream(seed));
      expect([...shuffled].sort()).toEqual([...items].sort());
    }),
  );
  const random = randomStream(9);
  const mean = Array.from({ length: 20_000 }, random).reduce((a, b) => a + b) / 20_000;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
});
