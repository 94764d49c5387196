import * as fc from "fast-check";
import { expect, test } from "vitest";
import { randomStream, shuffle } from "../random/index.ts";
import { findSimilarPairs, groupPairs } from "./near-duplicates.ts";

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
  const word = () => String.fromCharCode(97 + Math.floor(random() * 26)) + "no"[Math.floor(random() * 2)];
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

const near = (...texts: string[]) => findSimilarPairs(texts).map(({ left, right }) => [left, right]);
const course =
  "Which of the evening courses at the college in the old town teaches beginners without any knowledge of maths to program in";
const passage =
  "The north quay is where the island ferry leaves at seven, nine and noon, and the south quay is where it comes back to.";

test.each([
  [`${course} C++?`, `${course} C#?`],
  [`${course} room 12?`, `${course} room 13?`],
  [`${course} -5 degrees?`, `${course} 5 degrees?`],
  [`${course} .5 hours?`, `${course} 5 hours?`],
])("texts that differ in a symbol or a figure are no pair: %s", (left, right) => {
  expect(near(left, right)).toEqual([]);
});

test("a passage that two questions are about does not make them one, nor do earlier turns", () => {
  expect(near(`${passage}\nWhen does it leave?`, `${passage}\nWhere does it come back to?`)).toEqual([]);
  expect(near(`${passage}\nWhen does it leave?`, `${passage}\n\nwhen does it leave`)).toEqual([[0, 1]]);
  expect(near(`${passage}\nWhen does it leave?`, `${passage} \nWhen does it leave?\nThanks`)).toEqual([
    [0, 1],
  ]);
});

test("accents, where they are all that differs, make texts alike but not the same", () => {
  const [plain, accented] = ["Ou est l'entree du musee?", "Où est l'entrée du musée?"];
  expect(findSimilarPairs([plain!, accented!])).toEqual([{ left: 0, right: 1, similarity: 0.99 }]);
  expect(
    near("日曜日に北の港から島へ行く船は何時に出ますか", "日曜日に北の港から島へ行く船は何時に出ますか。"),
  ).toEqual([[0, 1]]);
  expect(
    near("日曜日に北の港から島へ行く船は何時に出ますか", "日曜日に北の港から島へ行く船は何時に出るか"),
  ).toEqual([[0, 1]]);
  expect(near("周一上午开门吗", "周二上午开门吗")).toEqual([]);
});

const instruction =
  "You are given a short review that a guest wrote about our hotel. Read it with care and say whether the guest was content or not.";
const reviews = [
  "lovely room",
  "cold room",
  "kind staff",
  "rude staff",
  "great view",
  "no view",
  "fresh bread",
  "stale bread",
];

test.each([
  ["before", (review: string) => `${instruction} Review: ${review}`],
  ["after", (review: string) => `${review}. ${instruction}`],
  ["around", (review: string) => `${instruction} Review: ${review}. ${instruction}`],
])("an instruction that most texts share says nothing, written %s them", (_, write) => {
  expect(near(...reviews.map(write))).toEqual([]);
  const alike = "The breakfast was good and the bread was fresh and the coffee hot when we came down";
  expect(near(...reviews.map(write), write(alike), write(`${alike} early`))).toEqual([[8, 9]]);
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
