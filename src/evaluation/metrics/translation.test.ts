import { expect, test } from "vitest";
import recorded from "../../../test/golden/translation.json" with { type: "json" };
import { bleu } from "./bleu.ts";
import { chrf } from "./chrf.ts";

/** Recorded by test/golden/translation.py. */
test.each(recorded)(
  "$name: BLEU and chrF2++ are those of sacrebleu",
  ({ answers, references, ...scores }) => {
    expect(bleu(answers, references)).toBeCloseTo(scores.bleu, 2);
    expect(chrf(answers, references)).toBeCloseTo(scores.chrf, 2);
  },
);

test("a translation that is the reference has 100 of both; no answer has nothing", () => {
  const texts = ["The lamp on the quay is green."];
  expect(bleu(texts, texts)).toBeCloseTo(100, 6);
  expect(chrf(texts, texts)).toBeCloseTo(100, 6);
  expect([bleu([""], texts), chrf([""], texts)]).toEqual([0, 0]);
});
