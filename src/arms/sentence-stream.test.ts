import fc from "fast-check";
import { expect, it } from "vitest";
import type { Hit } from "../contracts/index.ts";
import { checkCitations } from "../retrieval/index.ts";
import { groundAnswer, tidyMarkers } from "./ground-answer.ts";
import { createSentenceStream } from "./sentence-stream.ts";

const texts = ["A dog pays 3 pounds. Cats travel free of charge.", "The ferry leaves at 9 in the morning."];
const hits: Hit[] = texts.map((text, index) => ({
  chunk: { id: `c${index}`, documentId: "a.md", title: "", headings: [], text, start: 0, end: text.length },
  score: 1,
  ranks: {},
}));
const question = "What does it cost?";

function stream(pieces: string[]): { said: string[]; final: string } {
  const said: string[] = [];
  const sentences = createSentenceStream(hits, question, checkCitations, (text) => said.push(text));
  for (const piece of pieces) sentences.push(piece);
  expect(said.join("")).toBe(sentences.said);
  const written = tidyMarkers(pieces.join(""));
  return { said, final: groundAnswer(written, hits, question, checkCitations)?.text ?? "" };
}

it("says a sentence once it is borne out and the next has begun", () => {
  const { said, final } = stream([
    "A dog pays 3 pounds. [1]",
    " The ferry",
    " leaves at 9 in the morning. [2]",
    " Cats",
  ]);
  expect(said).toEqual(["A dog pays 3 pounds. [1]", " The ferry leaves at 9 in the morning. [2]"]);
  expect(final.startsWith(said.join(""))).toBe(true);
});

it("says nothing from the first sentence on that nothing bears out", () => {
  const { said } = stream([
    "A dog pays 5 pounds. [1]",
    " The ferry leaves at 9 in the morning. [2]",
    " Cats",
  ]);
  expect(said).toEqual([]);
});

const sentence = fc.constantFrom(
  "A dog pays 3 pounds. [1]",
  "A dog pays 3 pounds [1].",
  "A dog pays 4 pounds. [1]",
  "Cats travel free of charge. [1][1]",
  "The ferry leaves at 9 in the morning. [1]",
  "The ferry leaves at 9 in the morning. [2]",
  "[2] It is so.",
  "Dr. A. Smith knows",
  "(section 2.1)",
);

it("never says what the checked answer does not begin with, however it is cut into pieces", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(sentence, fc.constantFrom(" ", "\n", "\n\n", "  ", "")), { maxLength: 5 }),
      fc.integer({ min: 1, max: 9 }),
      (parts, size) => {
        const text = parts.flat().join("");
        const pieces = text.match(new RegExp(`[\\s\\S]{1,${size}}`, "g")) ?? [];
        const { said, final } = stream(pieces);
        expect(final.startsWith(said.join(""))).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});
