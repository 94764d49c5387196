import { expect, test } from "vitest";
import type { ChatModel, GenerationRequest } from "../contracts/index.ts";
import { createGlossary, parseGlossary } from "../glossary/index.ts";
import type { ArmParts } from "./arm-parts.ts";
import { createArm } from "./create-arm.ts";

const file = [
  "source,target,definition,forbidden",
  "Gull Pass,Möwenpass,a season ticket,Pass",
  "berth,Koje,a sleeping place,",
  "quay,Kai,,",
].join("\n");
const entries = await parseGlossary(new TextEncoder().encode(file), "terms.csv");

/** Answers in turn; what it was asked is kept. */
async function ask(glossary: "terms" | "random" | undefined, answers: string[], pieces?: ArmParts["pieces"]) {
  const asked: GenerationRequest[] = [];
  const model: ChatModel = {
    identity: "canned",
    generate: async (request) => {
      asked.push(request);
      const usage = { promptTokens: 1, completionTokens: 1, cachedTokens: 0 };
      return { text: answers[asked.length - 1]!, finishReason: "stop", usage, firstTokenMs: 1, totalMs: 1 };
    },
    countTokens: async () => 1,
    close: async () => {},
  };
  const arm = createArm(
    { name: "base", context: "none", answerer: "generate", ...(glossary && { glossary }) },
    {
      model: async () => model,
      classifier: async () => {
        throw new Error("not asked");
      },
      isHeld: false,
      style: { systemPrompt: "Translate into German.", abstainAnswer: "I cannot." },
      sampling: {},
      retrieve: async () => [],
      similar: async () => [],
      embed: async () => [],
      cite: () => [],
      glossary: async () => createGlossary(entries, "en"),
      ...(pieces && { pieces }),
    },
  );
  const answer = await arm.answer([{ role: "user", content: "The Gull Pass costs 145 florins." }]);
  return { answer, prompts: asked.map(({ messages }) => messages.at(-1)!.content) };
}

test("terms of the question stand after it, and what became of them is told", async () => {
  const { answer, prompts } = await ask("terms", ["Der Möwenpass kostet 145 Gulden."]);
  expect(prompts).toEqual([
    "The Gull Pass costs 145 florins.\n\nUse these terms:\nGull Pass = Möwenpass (a season ticket; not: Pass)",
  ]);
  expect(answer.terms).toEqual({
    terms: [
      {
        source: "Gull Pass",
        required: ["Möwenpass"],
        found: "Möwenpass",
        forbidden: [],
        honoured: true,
        shown: true,
      },
    ],
    missingFigures: [],
    retried: false,
  });
});

test("what was not honoured is asked for once more; nothing is replaced", async () => {
  const { answer, prompts } = await ask("terms", ["Der Pass kostet 145 Gulden.", "Der Pass, 14 Gulden."]);
  expect(prompts).toHaveLength(2);
  expect(prompts[1]).toContain("A first attempt was: Der Pass kostet 145 Gulden.");
  expect(answer.text).toBe("Der Pass kostet 145 Gulden.");
  expect(answer.terms).toMatchObject({
    retried: true,
    terms: [{ found: null, forbidden: ["Pass"], honoured: false }],
  });
});

test("a term that the model is likely to know is not shown, and checked all the same", async () => {
  const { answer, prompts } = await ask("terms", ["Der Möwenpass kostet 145 Gulden."], async () => 1);
  expect(prompts).toEqual(["The Gull Pass costs 145 florins."]);
  expect(answer.terms?.terms).toMatchObject([{ honoured: true, shown: false }]);
});

test("as a control, other terms are shown and nothing is asked again; without a glossary nothing is told", async () => {
  const { answer, prompts } = await ask("random", ["Der Pass kostet 145 Gulden."]);
  expect(prompts).toHaveLength(1);
  expect(prompts[0]).toMatch(/(?:berth = Koje|quay = Kai)/);
  expect(answer.terms).toMatchObject({ retried: false, terms: [{ source: "Gull Pass", honoured: false }] });
  expect((await ask(undefined, ["Der Pass."])).answer.terms).toBeUndefined();
});
