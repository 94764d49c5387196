import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { groundedMask } from "./grounded-mask.ts";
import type { Vocabulary } from "./token-mask.ts";

const passage =
  "[1] Fares > 5. Dogs\nA dog pays 5.20 florins, a horse twenty-five. Captain Möller of the Marrow sells code AB-1203/4 until 14:30 on 3 May 2026. Grade | 1,940\nA 12-year-old rides free.";
const question = "What does Rex pay at the quay?";

/** One token for each character, and an end. */
const characters: Vocabulary = {
  size: 0x3000,
  endIds: new Set([0]),
  textOf: (token) => String.fromCodePoint(token),
  encode: (text) => Array.from(text, (character) => character.codePointAt(0)!),
};

/** Whether an answer can be written character by character; "…" at its end leaves it open. */
function canWrite(answer: string, markers = 1): boolean {
  const mask = groundedMask([passage, question, "Unknown."], markers, characters);
  const isOpen = answer.endsWith("…");
  for (const token of characters.encode(answer.replace(/…$/, ""))) {
    if (!mask.allows(token)) return false;
    mask.accept(token);
  }
  return isOpen || mask.allows(0);
}

describe("what a passage or the question holds can be written", () => {
  test.each([
    "5.20 florins [1]",
    "A dog pays 5.20 florins. [1]",
    "It pays 5.2.",
    "25 florins, and 1940 a month",
    "1,940",
    "twenty-five",
    "the code AB-1203/4",
    "until 14:30, or 2:30 in the afternoon",
    "on 3 May 2026.",
    "a 12-year-old, that is one of 12",
    "Rex pays nothing; I think so. Yes.",
    "it is Captain Möller's, or möller's",
    "Every free word stays free, whatever it says. New sentences may begin with any word.",
    "Unknown.",
  ])("%s", (answer) => expect(canWrite(answer)).toBe(true));
});

describe("nothing else can", () => {
  test.each([
    "2.05 florins",
    "A dog pays 5.02…",
    "seven florins",
    "twenty florins",
    "20",
    "1,941…",
    "code AB-1204…",
    "at 14:31…",
    "at 14:3",
    "in May 2027…",
    "it is Captain Miller…",
    "see [2]",
    "see [10…",
    "on Monday",
  ])("%s", (answer) => expect(canWrite(answer)).toBe(false));
});

test("a word that has begun can always be ended: no answer is caught", () => {
  const letters = characters.encode("0123456789.,:-/ abehmnopstwyABDMRCX[]");
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 40 }), (choices) => {
      const mask = groundedMask([passage, question], 1, characters);
      let text = "";
      for (const choice of choices) {
        const allowed = letters.filter((token) => mask.allows(token));
        expect(allowed.length, text).toBeGreaterThan(0);
        const token = allowed[choice % allowed.length]!;
        mask.accept(token);
        text += characters.textOf(token);
      }
    }),
    { numRuns: 60 },
  );
});

test("tokens of several characters are looked at whole", () => {
  const tokens = [
    "",
    " 5",
    ".",
    "20",
    "21",
    " florins",
    " in 19",
    "40",
    " Möller",
    " Miller",
    "�",
    "[1",
    "]",
    "[2]",
  ];
  const vocabulary: Vocabulary = {
    size: tokens.length,
    endIds: new Set([0]),
    textOf: (token) => tokens[token]!,
    encode: () => [],
  };
  const allowed = (...before: string[]): string[] => {
    const mask = groundedMask([passage], 1, vocabulary);
    for (const token of before) mask.accept(tokens.indexOf(token));
    return tokens.filter((text, token) => token > 0 && mask.allows(token) && text !== "");
  };
  const after = allowed(" florins", " 5", ".");
  expect(after).toEqual(expect.arrayContaining(["20", " florins", " Möller", "�", "[1"]));
  for (const refused of ["21", "40", "[2]"]) expect(after).not.toContain(refused);
  expect(allowed(" florins")).not.toContain(" Miller");
  expect(allowed(" 5")).not.toContain("20");
  expect(allowed("[1")).toContain("]");
});
