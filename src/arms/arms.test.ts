import { expect, test } from "vitest";
import {
  armPresetNames,
  armSpec,
  LoragError,
  type ArmPreset,
  type Example,
  type GenerationRequest,
  type Hit,
  type Message,
} from "../contracts/index.ts";
import { checkCitations } from "../retrieval/index.ts";
import type { ArmParts } from "./arm-parts.ts";
import { retrieves } from "./contexts.ts";
import { createArm } from "./create-arm.ts";
import { isAbstention } from "../text/index.ts";
import { renderPrompt } from "./prompt.ts";

const style = { systemPrompt: "Answer from the house rules.", abstainAnswer: "Not in the documents." };
const question = { role: "user", content: "What does a dog pay?" } as const;

const hit = (id: string, text: string): Hit => ({
  chunk: {
    id,
    documentId: `${id}.md`,
    title: "Animals",
    headings: ["Dogs"],
    text,
    start: 0,
    end: text.length,
  },
  score: 1,
  ranks: {},
});
const hits = [hit("dogs", "A dog pays 7 florins."), hit("cats", "A cat travels free.")];

/** The nearest to the question first. */
const examples = ["dogs", "cats"].map((id): Example => ({
  id,
  prompt: [
    { role: "system", content: "Be brief." },
    { role: "user", content: `Who asks about ${id}?` },
  ],
  completion: `Those with ${id}.`,
}));

const promptTooLong = new LoragError({
  code: "LORAG_PROMPT_TOO_LONG",
  kind: "data",
  message: "The prompt has 9 tokens; the model's context holds 8",
  next: "Shorten it.",
});

/** The model is a canned text here: what is under test is what an arm asks it and makes of its words. */
async function answer(
  name: ArmPreset,
  says: string,
  found = hits,
  tooMuch = /^$/,
  cutOff = /^$/,
  finishReason: "stop" | "length" = "stop",
) {
  const asked: GenerationRequest[] = [];
  const parts: ArmParts = {
    model: async () => ({
      identity: "canned",
      generate: async (request) => {
        asked.push(request);
        if (tooMuch.test(JSON.stringify(request.messages))) throw promptTooLong;
        const usage = {
          promptTokens: 9,
          completionTokens: finishReason === "length" ? 9 : 3,
          cachedTokens: 0,
        };
        const timing = { firstTokenMs: 1, totalMs: 2 };
        if (cutOff.test(JSON.stringify(request.messages)))
          return { text: "7", finishReason: "length", usage, ...timing };
        return { text: says, finishReason, usage, ...timing };
      },
      countTokens: async () => 0,
      close: async () => {},
    }),
    classifier: async () => ({
      classify: async () => ({ text: says, scores: [], tokens: 9 }),
      close: async () => {},
    }),
    similar: async () => examples,
    embed: async (texts) => texts.map(() => Float32Array.of(1)),
    ...(armSpec(name).tuning && { adapter: name }),
    style,
    sampling: { maxTokens: 9 },
    retrieve: async () => found,
    isHeld: false,
    cite: checkCitations,
  };
  const arm = createArm(armSpec(name), parts);
  return { asked, answer: await arm.answer([question], { onText: () => {} }) };
}

test("arms with the same traits ask the very same thing", async () => {
  const prompts = new Map<ArmPreset, string>();
  for (const name of armPresetNames.filter((each) => armSpec(each).answerer === "generate")) {
    const { asked } = await answer(name, "7 florins.");
    prompts.set(name, JSON.stringify(asked[0]!.messages));
    expect(asked[0]!.adapter).toBe(name.startsWith("tuned") ? name : undefined);
    const stop = retrieves(armSpec(name)) ? { stop: ["\nQuestion:"] } : {};
    expect(asked[0]!.sampling).toEqual({ maxTokens: 9, ...stop });
  }
  expect(prompts.get("tuned")).toBe(prompts.get("base"));
  expect(prompts.get("tuned-rag")).toBe(prompts.get("rag"));
  expect(prompts.get("base")).not.toContain("florins");
  expect(prompts.get("rag")).toContain("[1] Animals > Dogs\\nA dog pays 7 florins.\\n\\n[2] Animals > Dogs");
});

test("where the context is too small for all passages, the last ones are left out", async () => {
  const { asked, answer: given } = await answer("rag", "7 florins. [1]", hits, /cat/);
  expect(asked).toHaveLength(2);
  expect(JSON.stringify(asked[1]!.messages)).toContain("dog");
  expect(given).toMatchObject({ text: "7 florins. [1]", hits: [hits[0]] });
  await expect(answer("rag", "7 florins.", hits, /dog/)).rejects.toBe(promptTooLong);
  await expect(answer("base", "7 florins.", hits, /dog/)).rejects.toBe(promptTooLong);
});

test("and where it has room for them, but not for the answer", async () => {
  const { asked, answer: given } = await answer("rag", "7 florins. [1]", hits, /^$/, /cat/);
  expect(asked).toHaveLength(2);
  expect(given).toMatchObject({ text: "7 florins. [1]", hits: [hits[0]] });
  // What is left then is as much as the model can say.
  expect((await answer("base", "7 florins.", hits, /^$/, /dog/)).answer.text).toBe("7");
});

test("similar examples are earlier turns, the nearest beside the question; those least like it make room first", async () => {
  const turns = ({ messages }: GenerationRequest) => messages.slice(1, -1).map(({ content }) => content);
  const { asked } = await answer("few-shot", "7 florins.");
  expect(turns(asked[0]!)).toEqual([
    "Who asks about cats?",
    "Those with cats.",
    "Who asks about dogs?",
    "Those with dogs.",
  ]);
  expect(asked[0]!.messages.at(-1)).toEqual(question);
  const { asked: again } = await answer("few-shot-rag", "7 florins. [1]", hits, /about cats/);
  expect(again).toHaveLength(2);
  expect(turns(again[1]!)).toEqual(["Who asks about dogs?", "Those with dogs."]);
  expect(again[1]!.messages.at(-1)!.content).toContain("A cat travels free.");
});

test("a quote is a sentence of a passage, word for word and cited, and asks no model", async () => {
  const { asked, answer: given } = await answer("quote", "");
  expect(asked).toEqual([]);
  expect(given).toMatchObject({ text: "A dog pays 7 florins. [1]", abstained: false });
  expect(given.citations).toEqual([expect.objectContaining({ chunkId: "dogs", verdict: "supported" })]);
  expect((await answer("quote", "", [])).answer).toMatchObject({
    text: style.abstainAnswer,
    abstained: true,
  });
});

test("a system message of the question's own takes the place of the style's", async () => {
  const { asked } = await answer("base", "7 florins.");
  expect(asked[0]!.messages).toEqual([
    {
      role: "system",
      content: "Answer from the house rules. If you cannot answer, say: Not in the documents.",
    },
    question,
  ]);
});

test.each([
  ["7 florins. [1]", "7 florins. [1]"],
  ["7 florins. (Animals, section 2)", "7 florins. (Animals, section 2) [1]"],
  ["7 florins.", "7 florins. [1]"],
  ["7 florins. [2]", "7 florins. [1]"],
  ["A cat travels free. [9]", "A cat travels free. [2]"],
  ["7 florins. [1] [1] [1] [1", "7 florins. [1]"],
  ["7 florins. [1] [2] [1] [2] [", "7 florins. [1][2]"],
])("%j leaves with a citation that bears it out", async (says, text) => {
  const { answer: given } = await answer("rag", says);
  expect(given).toMatchObject({ text, abstained: false, hits });
  expect(given.citations).toContainEqual(expect.objectContaining({ verdict: "supported" }));
});

test("of what goes on inventing, the sentences that a passage bears out are kept, each once", async () => {
  const says =
    "The answer is: 9. A dog pays 7 florins. A dog pays 7 florins. The captain decides about eight others, every";
  const { answer: given } = await answer("rag", says);
  expect(given).toMatchObject({ text: "A dog pays 7 florins. [1]", abstained: false, withdrawn: says });
  expect(given.citations.map(({ verdict }) => verdict)).toEqual(["supported"]);
  const both = await answer("rag", "It is 9. A cat travels free. Horses 8. A dog pays 7 florins [2].");
  expect(both.answer.text).toBe("A cat travels free. [2] A dog pays 7 florins. [1]");
});

test("an invented sentence beside a true one is taken out", async () => {
  const says = "A cat travels free [2]. Horses pay 900 dollars.";
  expect((await answer("rag", says)).answer).toMatchObject({
    text: "A cat travels free. [2]",
    withdrawn: says,
  });
  const both = "A cat travels free [2]. A dog pays 7 florins [1].";
  expect((await answer("rag", both)).answer).toMatchObject({ text: both });
});

test.each([
  ["A dog pays", style.abstainAnswer],
  ["The answer is: Animals > Dogs. [1]", style.abstainAnswer],
  ["The answer is:. A dog pays", style.abstainAnswer],
  ["So, a dog can pay [1]", style.abstainAnswer],
  ["A cat travels free", style.abstainAnswer],
  ["A cat travels free [2", "A cat travels free [2]"],
  ["A dog pays 7", "A dog pays 7 [1]"],
  ["A dog pays 7 florins. A cat travels", "A dog pays 7 florins. [1]"],
  ["A dog pays 7 florins [1]. A cat travels [2] [2", "A dog pays 7 florins [1]. A cat travels [2]"],
])("%j, cut off, leaves as %j", async (says, text) => {
  const { answer: given } = await answer("rag", says, hits, /^$/, /^$/, "length");
  expect(given).toMatchObject({ text, abstained: text === style.abstainAnswer });
});

test("what no passage bears out is withdrawn, and kept aside", async () => {
  expect((await answer("rag", "9 florins. [1]")).answer.withdrawn).toBe("9 florins. [1]");
  expect((await answer("rag", "7 florins. [1]")).answer).not.toHaveProperty("withdrawn");
  expect((await answer("rag", "I don't know.")).answer).not.toHaveProperty("withdrawn");
});

test("every arm is heard as it writes: of one that retrieves, what the check left is not heard before", async () => {
  for (const name of armPresetNames.filter((each) => armSpec(each).answerer === "generate")) {
    const { asked } = await answer(name, "7 florins.");
    expect([name, asked[0]!.onText !== undefined]).toEqual([name, true]);
  }
});

test.each([
  ["nothing found bears it out", "9 florins. [1]", hits],
  ["nothing was found", "7 florins.", []],
  ["the model says nothing", " ", hits],
  ["the model abstains in its own words", "The passages do not say. [1]", hits],
])("abstains where %s", async (_, says, found) => {
  const { answer: given } = await answer("rag", says, found);
  expect(given).toMatchObject({ abstained: true, citations: [] });
});

test.each([
  ["Not in the documents.", true],
  ["not in the documents [2]", true],
  ["I cannot answer that question.", true],
  ["The passages do not mention a fare for dogs.", true],
  ["I don't know.", true],
  ["Sorry, I can't help with that.", true],
  ["I'm sorry, but I cannot find that in the passages.", true],
  ["I am unable to answer this.", true],
  ["The documents don’t say.", true],
  ["The passage doesn't mention it. [1]", true],
  ["Unfortunately, I cannot answer that.", true],
  ["It is not stated in the documents.", true],
  ["I do not have that information. Please ask at the desk.", false],
  ["I do not have any information on dogs.", true],
  ["I'm sorry for the wait. Orders ship within 2 days.", false],
  ["I'm sorry to hear that. Refunds take five days.", false],
  ["I do not have to pay.", false],
  ["The document does not specify a limit; by default it is 5.", false],
  ["7 florins. (Animals, section 2)", false],
  ["No, dogs do not pay.", false],
  ["Nothing. Dogs travel free.", false],
])("%j abstains: %s", (text, abstains) => {
  expect(isAbstention(text, style.abstainAnswer)).toBe(abstains);
});

test("a system message in mid-conversation stays where it stands", () => {
  const turns: Message[] = [
    { role: "user", content: "Hello" },
    { role: "system", content: "The user is a child." },
    { role: "user", content: "When does the bar open?" },
  ];
  const rules = { systemPrompt: "Be polite.", abstainAnswer: "No." };
  const rendered = renderPrompt([{ role: "system", content: "Be brief." }, ...turns], rules);
  expect(rendered[0]!.content).toMatch(/^Be brief\./);
  expect(rendered.slice(1)).toEqual(turns);
  expect(renderPrompt(turns, rules)[0]!.content).toMatch(/^Be polite\./);
  expect(renderPrompt(turns, rules).slice(1)).toEqual(turns);
});

test("an answer from passages is held to what they and the question hold, not to examples or numbers of passages", async () => {
  const asked: GenerationRequest[] = [];
  const arm = createArm(armSpec("few-shot-rag"), {
    model: async () => ({
      identity: "canned",
      generate: async (request) => {
        asked.push(request);
        const usage = { promptTokens: 1, completionTokens: 1, cachedTokens: 0 };
        return { text: "7 florins. [1]", finishReason: "stop", usage, firstTokenMs: 1, totalMs: 1 };
      },
      countTokens: async () => 0,
      close: async () => {},
    }),
    classifier: async () => {
      throw new Error("not asked");
    },
    similar: async () => examples,
    embed: async (texts) => texts.map(() => Float32Array.of(1)),
    style,
    sampling: {},
    retrieve: async () => hits,
    isHeld: true,
    cite: checkCitations,
  });
  await arm.answer([question]);
  const constraint = asked[0]!.constraint as { kind: string; texts: string[]; markers: number };
  expect(constraint).toMatchObject({ kind: "grounded", markers: hits.length });
  const held = constraint.texts.join("\n");
  expect(held).toContain(hits[0]!.chunk.text);
  expect(held).toContain(question.content);
  expect(held).not.toContain("[1]");
  for (const { completion } of examples) expect(constraint.texts).not.toContain(completion);
});
