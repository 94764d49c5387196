import { expect, test } from "vitest";
import { normalise } from "./normalise.ts";

test.each([
  ["  Où est\tl'Île-Dieu?! ", "où est l île dieu"],
  ["How much?", "how much"],
  ["cafe\u0301", "café"],
  ["Ｆｅｒｒｙ", "ferry"],
  ["check\u00ADin, check-in", "checkin check in"],
  ["- **Where** is _it_?", "where is it"],
  ["1,000 pounds", "1000 pounds"],
  ["50%", "50 %"],
  ["Anna - the cook - said so.", "anna the cook said so"],
  ["and/or", "and or"],
])("%j says the same as %j", (left, right) => {
  expect(normalise(left)).toBe(normalise(right));
});

test.each([
  ["C++", "C#"],
  ["C", "C++"],
  ["A+", "A-"],
  ["A", "A-"],
  ["+", "-"],
  ["?", "!"],
  ["-1", "1"],
  ["−1 °C", "1 °C"],
  [".5 mg", "5 mg"],
  ["1.5", "15"],
  ["1.5", "1-5"],
  ["10²", "102"],
  [".NET", "net"],
  ["2*3", "2/3"],
  ["x < 5", "x > 5"],
  ["£5", "$5"],
  ['What does "[]" mean?', 'What does "{}" mean?'],
  ["👍", "👎"],
  ["año", "ano"],
  ["周一", "周二"],
  ["かき", "がき"],
  ["दिन", "दान"],
])("%j and %j are told apart", (left, right) => {
  expect(normalise(left)).not.toBe(normalise(right));
  expect(normalise(left)).not.toBe("");
});
