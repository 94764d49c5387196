import { expect, test } from "vitest";
import { LoragError } from "../contracts/index.ts";
import { parseExamples } from "./parse-examples.ts";

const chat = (...turns: [string, unknown][]) =>
  JSON.stringify({ messages: turns.map(([role, content]) => ({ role, content })) });
const messageOf = (text: string): string => {
  try {
    parseExamples(text, "train.jsonl");
  } catch (error) {
    if (error instanceof LoragError) return `${error.code} ${error.message}`;
  }
  return "no error";
};

test("chat lines: the last message is the completion, earlier turns stay in the prompt", () => {
  const line = chat(
    ["system", "Be brief."],
    ["user", "Hi"],
    ["assistant", "Hello"],
    ["user", "Where?"],
    ["assistant", "Here"],
  );
  expect(parseExamples(line, "data/train.jsonl")).toEqual([
    {
      id: "train:1",
      prompt: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hi" },
        { role: "assistant", content: "Hello" },
        { role: "user", content: "Where?" },
      ],
      completion: "Here",
    },
  ]);
});

test("prompt and completion lines, metadata, byte order mark, CRLF and blank lines", () => {
  const line = JSON.stringify({
    prompt: "Q",
    completion: "A",
    metadata: { id: 7, type: "fact", documents: ["a.md"], note: "kept out" },
  });
  expect(parseExamples(`\uFEFF\r\n${line}\r\n\r\n`, "x.jsonl")).toEqual([
    { id: "7", prompt: [{ role: "user", content: "Q" }], completion: "A", type: "fact", documents: ["a.md"] },
  ]);
});

test("an empty list of documents marks a question as unanswerable, and survives", () => {
  const line = JSON.stringify({ prompt: "Q", completion: "A", metadata: { documents: [] } });
  expect(parseExamples(line, "x.jsonl")[0]?.documents).toEqual([]);
});

test.each([
  ["{oops", "line 1: not JSON"],
  ["[1]", "line 1: not a JSON object: [1]"],
  ['{"question": 1}', 'neither "messages" nor "prompt" and "completion" (keys: question)'],
  ['{"prompt": "Q"}', 'no answer: "completion" is missing'],
  ['{"prompt": "Q", "completion": "  "}', "no answer: the completion is empty"],
  ['{"prompt": "", "completion": "A"}', "the question is empty"],
  ['{"prompt": 5, "completion": "A"}', "prompt must be a string, got 5"],
  [chat(["user", "Q"]), "no answer: the last message must be the assistant's (it is the user's)"],
  [chat(["assistant", "A"]), "the answer must follow a user message"],
  [chat(["tool", "Q"], ["assistant", "A"]), 'messages[0].role must be system, user or assistant, got "tool"'],
  [chat(["user", null], ["assistant", "A"]), "messages[0].content must be a string, got null"],
  [
    '{"prompt": "Q", "completion": "A", "metadata": {"documents": "a.md"}}',
    'metadata.documents must be a list of document ids, got "a.md"',
  ],
])("%s is refused", (line, expected) => {
  expect(messageOf(line)).toContain(expected);
  expect(messageOf(line)).toMatch(/^LORAG_EXAMPLES_INVALID 1 of 1 example in train.jsonl/);
});

const nextOf = (...lines: object[]): string => {
  try {
    parseExamples(lines.map((line) => JSON.stringify(line)).join("\n"), "x.jsonl");
  } catch (error) {
    if (error instanceof LoragError) return error.next;
  }
  return "no error";
};

test.each([
  [{ question: "Q", answer: "A" }, 'rename "question" to "prompt" and "answer" to "completion"'],
  [{ input: "Q", output: "A" }, 'rename "input" to "prompt" and "output" to "completion"'],
  [{ instruction: "Q", output: "A" }, 'rename "instruction" to "prompt"'],
  [
    { instruction: "Q", input: "", output: "A" },
    '"instruction", a blank line and that of "input"; "completion" is "output"',
  ],
  [{ conversations: [] }, '"from" to "role"'],
])("the lines of other tools, as %j, are told how they are written here", (line, renaming) => {
  expect(nextOf(line, line)).toContain(renaming);
  expect(nextOf(line, line).split("In these lines")).toHaveLength(2);
});

test("lines of no known format are not told how to rename", () => {
  expect(nextOf({ question: "Q" })).toBe("Correct or delete these lines. Nothing of the file was used.");
  expect(nextOf({ prompt: "Q", question: "Q", answer: "A" })).not.toContain("rename");
  expect(nextOf({ question: "Q", answer: "A" }, { input: "Q", output: "A" })).toContain("; in others rename");
});

test("all bad lines are collected, the first 20 shown, and good lines do not rescue the file", () => {
  const lines = Array.from({ length: 30 }, (_, i) =>
    i % 6 === 5 ? '{"prompt": "Q", "completion": "A"}' : "bad",
  );
  const message = messageOf(lines.join("\n"));
  expect(message).toContain("25 of 30 examples");
  expect(message.match(/line \d+:/g)).toHaveLength(20);
  expect(message).toContain("and 5 more");
});

test("an id given twice names both lines", () => {
  const line = JSON.stringify({ prompt: "Q", completion: "A", metadata: { id: "q1" } });
  expect(messageOf(`${line}\n${line}`)).toContain("line 2: id q1 is taken by line 1");
});

test("a file without examples is refused", () => {
  expect(messageOf("\n")).toBe("LORAG_EXAMPLES_EMPTY train.jsonl holds no examples");
});
