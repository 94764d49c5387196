import { expect, test } from "vitest";
import { LoragError, type Example } from "../../contracts/index.ts";
import { memorySource } from "../../platform/index.ts";
import { readExamples, type ReadOptions } from "./read-examples.ts";

const read = (text: string | Uint8Array, name = "train.jsonl", options: ReadOptions = {}) =>
  readExamples(memorySource(typeof text === "string" ? Buffer.from(text) : text, name), name, options);
const parse = async (text: string | Uint8Array, name?: string, options?: ReadOptions): Promise<Example[]> =>
  (await read(text, name, options)).examples;

const chat = (...turns: [string, unknown][]) =>
  JSON.stringify({ messages: turns.map(([role, content]) => ({ role, content })) });
const messageOf = async (text: string, name?: string): Promise<string> => {
  try {
    await read(text, name);
  } catch (error) {
    if (error instanceof LoragError) return `${error.code} ${error.message}`;
  }
  return "no error";
};

test("chat lines: the last message is the completion, earlier turns stay in the prompt", async () => {
  const line = chat(
    ["system", "Be brief."],
    ["user", "Hi"],
    ["assistant", "Hello"],
    ["user", "Where?"],
    ["assistant", "Here"],
  );
  expect(await parse(line, "data/train.jsonl")).toEqual([
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

test("prompt and completion lines, metadata, byte order mark, CRLF and blank lines", async () => {
  const line = JSON.stringify({
    prompt: "Q",
    completion: "A",
    metadata: { id: 7, type: "fact", documents: ["a.md"], customer: "c9" },
  });
  expect(await parse(`\uFEFF\r\n${line}\r\n\r\n`, "x.jsonl")).toEqual([
    {
      id: "7",
      prompt: [{ role: "user", content: "Q" }],
      completion: "A",
      type: "fact",
      documents: ["a.md"],
      metadata: { customer: "c9" },
    },
  ]);
});

test("an empty list of documents marks a question as unanswerable, and survives", async () => {
  const line = JSON.stringify({ prompt: "Q", completion: "A", metadata: { documents: [] } });
  expect((await parse(line, "x.jsonl"))[0]?.documents).toEqual([]);
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
  ['{"prompt": "Q", "completion": "A", "metadata": {"id": 12345678901234567890}}', "lost digits"],
  ['{"conversation": [{"role": "user", "content": "Q"}]}', "`field_messages: conversation`"],
  ['{"instruction": "Q", "output": "A", "history": "once"}', 'history must be a list of pairs, got "once"'],
  [
    '{"messages": [{"role": "assistant", "tool_calls": [1]}, {"role": "tool", "tool_call_id": "1"}]}',
    "messages[0] calls a tool, and tool calls are not trained on",
  ],
])("%s is refused", async (line, expected) => {
  expect(await messageOf(line)).toContain(expected);
  expect(await messageOf(line)).toMatch(/^LORAG_EXAMPLES_INVALID 1 of 1 example in train.jsonl/);
});

test("all bad lines are collected, the first 20 shown, and good lines do not rescue the file", async () => {
  const lines = Array.from({ length: 30 }, (_, i) =>
    i % 6 === 5 ? '{"prompt": "Q", "completion": "A"}' : "bad",
  );
  const message = await messageOf(lines.join("\n"));
  expect(message).toContain("25 of 30 examples");
  expect(message.match(/line \d+:/g)).toHaveLength(20);
  expect(message).toContain("and 5 more");
});

test("an id given twice names both lines", async () => {
  const line = JSON.stringify({ prompt: "Q", completion: "A", metadata: { id: "q1" } });
  expect(await messageOf(`${line}\n${line}`)).toContain("line 2: id q1 is taken by line 1");
});

test("a file without examples is refused", async () => {
  expect(await messageOf("\n")).toBe("LORAG_EXAMPLES_EMPTY train.jsonl holds no examples");
});

const asked = (question: string, completion: string) => ({
  prompt: [{ role: "user", content: question }],
  completion,
});

test.each([
  ["instruction and output", { instruction: "Q", input: "", output: "A" }, asked("Q", "A")],
  [
    "with an input",
    { instruction: "Sum up.", input: "A text", output: "A" },
    asked("Sum up.\n\nA text", "A"),
  ],
  ["input and output", { input: "Q", output: "A" }, asked("Q", "A")],
  [
    "Dolly",
    { instruction: "Q", context: "C", response: "A", category: "qa" },
    { ...asked("Q\n\nC", "A"), metadata: { category: "qa" } },
  ],
  ["question and answer", { question: "Q", answer: "A" }, asked("Q", "A")],
  [
    "SQuAD",
    { question: "Q", context: "C", answers: { text: ["A", "A", "B"], answer_start: [0, 0, 1] } },
    { ...asked("C\n\nQ", "A"), metadata: { accept: ["B"] } },
  ],
  [
    "LLaMA-Factory's history",
    { instruction: "Q", output: "A", system: "S", history: [["q", "a"]] },
    {
      prompt: [
        { role: "system", content: "S" },
        { role: "user", content: "q" },
        { role: "assistant", content: "a" },
        { role: "user", content: "Q" },
      ],
      completion: "A",
    },
  ],
  [
    "ShareGPT",
    {
      id: "s1",
      conversations: [
        { from: "system", value: "S" },
        { from: "human", value: "Q" },
        { from: "gpt", value: "A" },
      ],
    },
    {
      id: "s1",
      prompt: [
        { role: "system", content: "S" },
        { role: "user", content: "Q" },
      ],
      completion: "A",
    },
  ],
  [
    "TRL's messages",
    { prompt: [{ role: "user", content: "Q" }], completion: [{ role: "assistant", content: "A" }] },
    asked("Q", "A"),
  ],
  [
    "parts of text",
    {
      messages: [
        { role: "user", content: [{ type: "text", text: "Q" }] },
        { role: "assistant", content: "A" },
      ],
    },
    asked("Q", "A"),
  ],
  [
    "nulls",
    {
      messages: [
        { role: "developer", content: "S", name: null },
        { role: "user", content: "Q", weight: null },
        { role: "assistant", content: "A", tool_calls: null },
      ],
      metadata: null,
    },
    {
      prompt: [
        { role: "system", content: "S" },
        { role: "user", content: "Q" },
      ],
      completion: "A",
    },
  ],
  [
    "nulls in metadata",
    { prompt: "Q", completion: "A", system: null, metadata: { id: null, type: null, documents: null } },
    asked("Q", "A"),
  ],
  [
    "a pair of whole chats as text",
    { chosen: "\n\nHuman: Q\n\nAssistant: A", rejected: "\n\nHuman: Q\n\nAssistant: B" },
    { ...asked("Q", "A"), rejected: "B" },
  ],
  [
    "messages as text, from a column of a table",
    { messages: '[{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]' },
    asked("Q", "A"),
  ],
  [
    "the role of another assistant",
    {
      conversations: [
        { from: "human", value: "Q" },
        { from: "chatgpt", value: "A" },
      ],
    },
    asked("Q", "A"),
  ],
  ["a pair of texts", { prompt: "Q", chosen: "A", rejected: "B" }, { ...asked("Q", "A"), rejected: "B" }],
  [
    "a pair of chats",
    {
      chosen: [
        { role: "user", content: "Q" },
        { role: "assistant", content: "A" },
      ],
      rejected: [
        { role: "user", content: "Q" },
        { role: "assistant", content: "B" },
      ],
    },
    { ...asked("Q", "A"), rejected: "B" },
  ],
  [
    "a pair of ShareGPT's",
    {
      conversations: [{ from: "human", value: "Q" }],
      chosen: { from: "gpt", value: "A" },
      rejected: { from: "gpt", value: "B" },
    },
    { ...asked("Q", "A"), rejected: "B" },
  ],
  [
    "a pair of OpenAI's",
    {
      input: { messages: [{ role: "user", content: "Q" }] },
      preferred_output: [{ role: "assistant", content: "A" }],
      non_preferred_output: [{ role: "assistant", content: "B" }],
    },
    { ...asked("Q", "A"), rejected: "B" },
  ],
])("%s is read", async (_, row, expected) => {
  const { examples, warnings } = await read(JSON.stringify(row));
  expect(examples).toEqual([{ id: "train:1", ...expected }]);
  expect(warnings.filter(({ code }) => code !== "LORAG_UNREAD_KEYS")).toEqual([]);
});

const say = (role: string, content: string, weight?: number) => ({
  role,
  content,
  ...(weight !== undefined && { weight }),
});

test("an assistant's message of weight 0 is no gold: the one before it is, and none where there is no other", async () => {
  const messages = [say("user", "Q"), say("assistant", "A"), say("user", "q"), say("assistant", "a", 0)];
  expect(await parse(JSON.stringify({ messages }))).toMatchObject([asked("Q", "A")]);
  messages[3] = say("assistant", "a", 1);
  messages[1] = say("assistant", "A", 0);
  expect(await parse(JSON.stringify({ messages }))).toMatchObject([
    { completion: "a", prompt: [{}, { content: "A" }, {}] },
  ]);
  expect(await messageOf(JSON.stringify({ messages: messages.slice(0, 2) }))).toContain("weight 0");
  expect(
    await messageOf(JSON.stringify({ messages: [say("user", "Q"), say("assistant", "A", 0.5)] })),
  ).toContain("messages[1].weight must be 0 or 1, got 0.5");
});

test("roles may have capitals and spaces around them, AgentInstruct's `loss` is a weight, and a chat needs no name", async () => {
  const turns = [
    { from: " Human", value: "Q", loss: null },
    { from: "GPT ", value: "A", loss: true },
    { from: "human", value: "q", loss: null },
    { from: "gpt", value: "a", loss: false },
  ];
  expect(await read(JSON.stringify({ conversations: turns }))).toMatchObject({
    examples: [asked("Q", "A")],
    warnings: [],
  });
  expect(await parse(JSON.stringify([turns, turns.slice(0, 2)]), "a.json")).toMatchObject([
    asked("Q", "A"),
    asked("Q", "A"),
  ]);
});

test("system messages at the start become one, and one later stays where it is", async () => {
  const messages = [
    say("system", "S"),
    say("system", "T"),
    say("user", "Q"),
    say("system", "U"),
    say("user", "q"),
    say("assistant", "A"),
  ];
  expect((await parse(JSON.stringify({ messages })))[0]!.prompt.map(({ content }) => content)).toEqual([
    "S\n\nT",
    "Q",
    "U",
    "q",
  ]);
});

test.each([
  [
    { messages: [say("user", "Q"), { role: "assistant", content: null, tool_calls: [{ id: "1" }] }] },
    "messages[1] calls a tool",
  ],
  [{ messages: [say("tool", "Q"), say("assistant", "A")] }, "tool calls are not trained on"],
  [{ messages: [{ role: "user", content: [{ type: "image_url" }] }, say("assistant", "A")] }, "got a part"],
  [{ messages: [say("user", "Q"), say("assistant", "")] }, "the completion is empty"],
  [{ prompt: "Q", chosen: "A", rejected: "A " }, "chosen and rejected are the same"],
  [{ prompt: "Q", chosen: "A" }, 'no pair: "rejected" is missing'],
  [{ chosen: "A", rejected: "B" }, 'no question: "prompt" is missing'],
  [{ prompt: "Q", completion: "A", label: false }, "one to avoid"],
  [{ promt: "Q", completion: "A" }, '"prompt" is missing (did you mean "prompt" by "promt"?)'],
  [{ qestion: "Q", answr: "A" }, 'did you mean "question" by "qestion"? did you mean "answer" by "answr"?'],
  [
    { messages: [{ role: "user", contnt: "Q" }, say("assistant", "A")] },
    'did you mean "messages.content" by "messages.contnt"?',
  ],
  [{ messages: [say("user", "Q"), say("assistent", "A")] }, 'did you mean "assistant"?'],
  [{ messages: [say("user", "Q"), say("system", "S"), say("assistant", "A")] }, "follows the system's"],
  [{ prompt: "Q", completion: "A", metadata: { grading: "exat" } }, "metadata.grading must be one of auto"],
  [
    { prompt: "Q", completion: "A", metadata: { grading: { mode: "number", tolerence: 2 } } },
    'got {"mode":"number","tolerence":2}',
  ],
  [{ text: "A long story" }, "goes into the `documents` folder"],
])("%j is refused", async (row, expected) => {
  expect(await messageOf(JSON.stringify(row))).toContain(expected);
});

const warned = async (...lines: (object | string)[]) =>
  (
    await read(lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"))
  ).warnings.map(({ code, message }) => `${code} ${message}`);

test("keys that are misspelt or at the wrong level are told, with the one that is meant", async () => {
  const row = { prompt: "Q", completion: "A" };
  expect(
    await warned(
      { ...row, documents: ["a.md"] },
      { ...row, metadata: { documnets: ["a.md"], customer: "c" } },
      { ...row, sourcefile: "x" },
      { ...row, grading: "exact" },
      { messages: [{ role: "user", content: "Q", weigth: 1 }, say("assistant", "A")] },
    ),
  ).toEqual([
    'LORAG_UNREAD_KEYS Keys of train.jsonl that are not read: "documents" (did you mean "metadata.documents"?) in line 1; ' +
      '"metadata.documnets" (did you mean "metadata.documents"?) in line 2; "sourcefile" in line 3; ' +
      '"grading" (did you mean "metadata.grading"?) in line 4; ' +
      '"messages.weigth" (did you mean "messages.weight"?) in line 5.',
    "LORAG_MIXED_FORMATS train.jsonl mixes kinds of examples: 4 of prompt_completion (first in line 1), 1 of chat_template (first in line 5).",
  ]);
});

test("half a surrogate pair becomes U+FFFD and is told, and so is a key that is there twice", async () => {
  const text =
    '{"prompt": "a \\ud83d b", "completion": "\\ud83d\\ude00"}\n{"prompt": "Q", "completion": "A", "completion": "B"}';
  const { examples, warnings } = await read(text);
  expect(examples.map(({ prompt, completion }) => [prompt[0]!.content, completion])).toEqual([
    ["a \uFFFD b", "😀"],
    ["Q", "B"],
  ]);
  expect(warnings[0]!.message).toMatch(
    /surrogate pair .* U\+FFFD in line 1; "completion" is there twice.* in line 2/,
  );
});

test.each([
  ['{"prompt": "Q", "completion": "A"},', "a comma behind it"],
  ['{"prompt": "Q", "completion": "A",}', "a comma before a closing bracket"],
  ["{'prompt': 'Q'}", "double quotes"],
  ['{"prompt": "Q", "completion": NaN}', "no NaN"],
])("%s is told with what is wrong", async (line, hint) => {
  expect(await messageOf(line)).toContain(hint);
});
