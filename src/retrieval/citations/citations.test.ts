import { expect, test } from "vitest";
import type { Hit } from "../../contracts/index.ts";
import { checkCitations } from "./citations.ts";

const hit = (id: string, title: string, headings: string[], text: string): Hit => ({
  chunk: { id, documentId: `${id}.md`, title, headings, text, start: 5, end: 5 + text.length },
  score: 1,
  ranks: {},
});
const hits = [
  hit(
    "pay",
    "Pay and Allowances",
    ["1. Scales"],
    "Grade | Florins a month\nDeckhand | 1,940\nAble hand | 2,210",
  ),
  hit("dogs", "Animals on Board", ["2. Dogs"], "A dog pays 7 florins and stays on a lead, even on deck."),
  hit("pens", "Livestock", [], "# Livestock\n\n## 12. Pens\n\nThere are seventeen pens on the after deck."),
  hit("rules", "Rules 9", [], "The fee for a horse is 12 florins."),
];
const verdicts = (answer: string, question = "") =>
  checkCitations(answer, hits, question).map(({ chunkId, verdict }) => `${chunkId} ${verdict}`);

test.each([
  ["A deckhand earns 1940 florins a month. [1]", ["pay supported"]],
  ["A deckhand earns 1,950 florins a month. [1]", ["pay unsupported"]],
  ["7 florins, on a lead [2]", ["dogs supported"]],
  ["Dogs paying 7 florins stay on leads [2].", ["dogs supported"]],
  ["Cats travel free in the cabin. [2]", ["dogs unsupported"]],
  ["Seventeen. (Livestock, section 12)", ["pens supported"]],
  ["17. (Livestock, section 12)", ["pens supported"]],
  ["17. (Livestock, section 1)", []],
  ["7 florins. (Animals on board, Section 2.)", ["dogs supported"]],
  ["1,940 florins. (Pay and Allowances, section 1)", ["pay supported"]],
  ["1,940 florins. (Pay and Allowances, section 4)", []],
  ["7 florins. [0] [5] [99]", []],
  ["A dog pays 7 florins [2], a deckhand earns 1,940 [1].", ["dogs supported", "pay supported"]],
  ["A dog pays 7 florins [1][2].", ["pay unsupported", "dogs supported"]],
  ["A dog pays 7 florins [1, 2].", ["pay unsupported", "dogs supported"]],
  ["A dog pays 7 florins [2]. A horse pays 26 [2].", ["dogs unsupported"]],
  ["No citation at all.", []],
  ["", []],
])("%j cites %j", (answer, expected) => expect(verdicts(answer)).toEqual(expected));

test.each([
  ["What do dogs pay on deck?", "Dogs pay on deck: nothing whatsoever [2]", ["dogs unsupported"]],
  ["What do dogs pay on deck?", "Dogs on deck pay 7 florins [2]", ["dogs supported"]],
  ["Must a dog stay on a lead?", "Yes. [2]", ["dogs supported"]],
  ["Must a dog stay on a lead?", "No [2]", ["dogs supported"]],
  ["Must a dog stay on a lead?", "Yes. [1]", ["pay unsupported"]],
  ["Must a dog stay on a lead?", "Yes, even on deck. [2]", ["dogs supported"]],
  ["Must a dog stay on a lead?", "Yes, by order of the harbour. [2]", ["dogs unsupported"]],
  ["Must a dog stay on a lead?", "[2]", ["dogs unsupported"]],
  ["How many pens?", "No. 17 [3]", ["pens supported"]],
  ["What does a horse pay?", "The answer to this question is: 12 [4]", ["rules supported"]],
  ["What does a horse pay?", "The correct answer is: 9. [4]", ["rules unsupported"]],
  ["What does a horse pay?", "The answer to this question is: [4]", ["rules unsupported"]],
  ["Must a dog stay on a lead?", "Sure! The answer is yes. [2]", ["dogs supported"]],
  ["What does a horse pay?", "9 florins [4]", ["rules unsupported"]],
  ["What does a horse pay?", "12 florins [4]", ["rules supported"]],
])("asked %j, %j cites %j", (question, answer, expected) =>
  expect(verdicts(answer, question)).toEqual(expected),
);

test("a citation says where the passage stands in its document", () => {
  expect(checkCitations("7 florins on a lead [2]", hits, "What does a dog pay?")).toEqual([
    {
      marker: 2,
      chunkId: "dogs",
      documentId: "dogs.md",
      title: "Animals on Board",
      headings: ["2. Dogs"],
      start: 5,
      end: 5 + hits[1]!.chunk.text.length,
      verdict: "supported",
    },
  ]);
});
