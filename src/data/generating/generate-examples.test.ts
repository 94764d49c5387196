import { expect, test } from "vitest";
import type { ChatModel, Chunk, Hit } from "../../contracts/index.ts";
import { example } from "../examples.case.ts";
import { generateExamples, type Attempt, type GenerateOptions, type Source } from "./generate-examples.ts";

const passage = (id: string, text: string): Chunk => ({
  id,
  documentId: `${id}.md`,
  title: id,
  headings: [],
  text,
  start: 0,
  end: text.length,
});

/** What the model says to a prompt that holds the key. */
const replies: Record<string, string> = {
  ferry: "Question: When does the first ferry leave?\nAnswer: at seven",
  bar: "**Question:** Who runs the harbour bar?\n\n**Answer:** Ann Oakes",
  same: "Question: When does the first ferry leave?\nAnswer: at seven",
  text: "Question: What does this text say about the museum?\nAnswer: it is free",
  wrong: "Question: What does parking cost?\nAnswer: nine pounds",
  away: "Question: Is the dog free of charge?\nAnswer: free of charge",
  lost: "Question: What is the colour of the boat?\nAnswer: blue",
  made: "Question: Who rows the boat?\nAnswer: the owner of the boat",
  chat: "Sure, here is a story about a boat.",
};
const sources: Source[] = Object.entries(replies).map(([key, reply]) => ({
  passage: passage(
    key,
    `About ${key}: ${key === "made" ? "a boat" : (/answer:\W*(.*)/i.exec(reply)?.[1] ?? "")}`,
  ),
}));

function options(
  changed: Partial<GenerateOptions> = {},
): GenerateOptions & { asked: string[]; log: Attempt[] } {
  const asked: string[] = [];
  const log: Attempt[] = [];
  const model: ChatModel = {
    identity: "scripted",
    generate: ({ messages }) => {
      const content = messages.at(-1)!.content;
      const key = Object.keys(replies).find((one) => content.includes(`About ${one}:`)) ?? "";
      asked.push(key);
      return Promise.resolve({
        text: replies[key] ?? `Question: At what time may I ${content.length} sail?`,
        finishReason: "stop",
        usage: { promptTokens: 90, completionTokens: 10, cachedTokens: 0 },
        firstTokenMs: 1,
        totalMs: 2,
        cost: 0.01,
      });
    },
    countTokens: () => Promise.resolve(90),
    close: () => Promise.resolve(),
  };
  const retrieve = (question: string): Promise<Hit[]> =>
    Promise.resolve(
      sources
        .flatMap((source) => ("passage" in source && source.passage.id !== "lost" ? [source.passage] : []))
        .map((chunk) => ({ chunk, score: question.length, ranks: {} })),
    );
  return {
    model,
    count: 10,
    retrieve,
    topK: 3,
    supports: (_, { id }) => id !== "wrong",
    known: [],
    seed: 1,
    concurrency: 2,
    before: [],
    record: (attempt) => {
      log.push(attempt);
      return Promise.resolve();
    },
    signal: new AbortController().signal,
    ...changed,
    asked,
    log,
  };
}

const outcomeOf = (attempts: Attempt[]) =>
  Object.fromEntries(
    attempts.map(({ source, dropped, example: made }) => [source, dropped ?? made!.completion]),
  );

test("only what holds is kept, each with where it is from", async () => {
  const attempts = await generateExamples(sources, options());
  const outcome = outcomeOf(attempts);
  expect([outcome["ferry"], outcome["same"]].sort()).toEqual(["at seven", "the question is there already"]);
  expect(outcome).toMatchObject({
    bar: "Ann Oakes",
    text: "the question speaks of the text that it was made from",
    made: "the text does not bear the answer out",
    wrong: "the text does not bear the answer out",
    away: "the question gives its answer away",
    lost: "the search does not find its source",
    chat: "the reply has no question with an answer",
  });
  expect(attempts.find(({ source }) => source === "bar")!.example).toEqual({
    id: "made-bar",
    prompt: [{ role: "user", content: "Who runs the harbour bar?" }],
    completion: "Ann Oakes",
    documents: ["bar.md"],
    metadata: { made: { by: "scripted", from: "bar", seed: 1 } },
  });
});

test("a run that was cut off goes on after what was asked, with the same result; a known question is dropped", async () => {
  const whole = await generateExamples(sources, options());
  const rest = options({ before: whole.slice(0, 4) });
  expect(await generateExamples(sources, rest)).toEqual(whole);
  expect(rest.asked).toHaveLength(whole.length - 4);
  expect(rest.log).toEqual(whole.slice(4));
  const known = await generateExamples(sources, options({ known: ["who runs the harbour bar"] }));
  expect(outcomeOf(known)["bar"]).toBe("the question is there already");
});

test("it ends with as many as are wanted, and before it passes the budget", async () => {
  const good = sources.filter(
    (source) => "passage" in source && ["ferry", "bar"].includes(source.passage.id),
  );
  expect(await generateExamples(good, options({ count: 1 }))).toHaveLength(1);
  expect(await generateExamples(sources.slice(3), options({ count: 1 }))).toHaveLength(4);
  expect(await generateExamples(sources, options({ budget: 0.03 }))).toHaveLength(4);
});

test("a question in other words keeps its answer, its documents and what else it says", async () => {
  const asked = example("q1", "When does the ferry leave?", "At seven", {
    documents: ["ferry.md"],
    type: "fact",
  });
  const [attempt] = await generateExamples([{ example: asked }], options());
  expect(attempt!.example).toMatchObject({
    id: "made-q1",
    completion: "At seven",
    documents: ["ferry.md"],
    type: "fact",
    metadata: { made: { from: "q1" } },
  });
});
