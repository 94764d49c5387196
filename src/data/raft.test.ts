import { expect, test } from "vitest";
import type { Chunk, Example, Hit } from "../contracts/index.ts";
import { example } from "./examples.case.ts";
import { buildRaftExamples, type RaftOptions } from "./raft.ts";

const chunk = (id: string, text: string): Chunk => ({
  id,
  documentId: `${id[0]}.md`,
  title: "",
  headings: [],
  text,
  start: 0,
  end: text.length,
});
const chunks = [
  chunk("a1", "Ferries to the island leave from the north quay"),
  chunk("a2", "A child pays four pounds and a dog travels free"),
  chunk("b1", "The bar opens at six"),
  chunk("c1", "The car park is behind the hall"),
  chunk("d1", "Lost luggage goes to the office"),
  chunk("e1", "Every child pays attention at the muster"),
];
const hitsWithout = (...ids: string[]): Hit[] =>
  chunks.filter(({ id }) => !ids.includes(id)).map((one) => ({ chunk: one, score: 1, ranks: {} }));

const options = (changed: Partial<RaftOptions> = {}): RaftOptions => ({
  retrieve: async (_, limit) => hitsWithout().slice(0, limit),
  chunksOf: async (documents) => chunks.filter((one) => documents.includes(one.documentId)),
  render: (one, passages, golden) => ({
    prompt: [{ role: "user", content: passages.map(({ id }) => id).join(" ") }],
    completion: golden === undefined ? one.completion : `${one.completion} [${golden + 1}]`,
  }),
  passages: 3,
  tokensOf: () => 1,
  mostTokens: 1,
  goldenShare: 1,
  seed: 5,
  ...changed,
});
const ask = (documents?: string[]) =>
  Array.from({ length: 40 }, (_, i) =>
    example(`q${i}`, "What does a child pay?", "four pounds", documents ? { documents } : {}),
  );
const build = async (examples: Example[], changed: Partial<RaftOptions> = {}) =>
  (await buildRaftExamples(examples, options(changed))).examples;
const shown = (built: { prompt: { content: string }[] }[]) =>
  built.map((one) => one.prompt[0]!.content.split(" "));

test("the golden passage is the document's chunk that bears the answer, even when the search missed it", async () => {
  const retrieve = async (_: string, limit: number) => hitsWithout("a2").slice(0, limit);
  const built = await build(ask(["a.md"]), { retrieve });
  for (const [index, passages] of shown(built).entries()) {
    expect(passages).toHaveLength(3);
    expect(built[index]!.completion).toBe(`four pounds [${passages.indexOf("a2") + 1}]`);
  }
  expect(await build(ask(["a.md"]), { retrieve })).toEqual(built);
  // Shuffled: it stands in every place.
  const places = new Set<number>();
  for (let seed = 0; seed < 20; seed++) {
    const [one] = await build(ask(["a.md"]).slice(0, 1), { retrieve, seed });
    places.add(shown([one!])[0]!.indexOf("a2"));
  }
  expect(places).toEqual(new Set([0, 1, 2]));
});

test("questions with the same golden passage see the same context, with near misses of each", async () => {
  const questions = [
    example("q0", "What does a child pay?", "four pounds", { documents: ["a.md"] }),
    example("q1", "And a dog?", "travels free", { documents: ["a.md"] }),
  ];
  const retrieve = async (question: string) =>
    chunks
      .filter(({ id }) => id === "a2" || id === (question === "And a dog?" ? "c1" : "e1"))
      .map((chunk) => ({ chunk, score: 1, ranks: {} }));
  const [first, second] = shown(await build(questions, { retrieve }));
  expect(first).toEqual(second);
  expect(first!.toSorted()).toEqual(["a2", "c1", "e1"]);
});

test("where the documents are unknown, the hit that shares most with the answer is golden", async () => {
  const built = await build(ask());
  for (const passages of shown(built)) expect(passages).toContain("a2");
  // A misspelt document, or one that was skipped, does not make its question unanswerable.
  expect(await build(ask(["fares.md"]))).toEqual(built.map((one) => ({ ...one, documents: ["fares.md"] })));
});

test("the golden passage is withheld in the rest of the share, and the answer stays", async () => {
  const built = await build(ask(["a.md"]), { goldenShare: 0.5 });
  const without = built.filter((one) => one.completion === "four pounds");
  expect(without.length).toBeGreaterThan(8);
  expect(without.length).toBeLessThan(32);
  for (const passages of shown(without)) {
    expect(passages).not.toContain("a2");
    expect(passages).toHaveLength(3);
  }
});

test("unanswerable questions see what the search finds, and nothing is golden", async () => {
  const built = await build(ask([]));
  expect(new Set(built.map((one) => one.completion))).toEqual(new Set(["four pounds"]));
  for (const passages of shown(built)) expect(passages.sort()).toEqual(["a1", "a2", "b1"]);
});

test("an example that would not fit is shown fewer distractors, never without its golden passage", async () => {
  const questions = [
    example("long", "What does a child pay? ".repeat(9), "four pounds", { documents: ["a.md"] }),
    example("short", "And a dog?", "travels free", { documents: ["a.md"] }),
    example("other", "When does the bar open?", "at six", { documents: ["b.md"] }),
    example("none", "Is there a pool?", "I do not know.", { documents: [] }),
  ];
  const words = ({ id, prompt }: Example): number =>
    prompt[0]!.content.split(" ").length + (id === "long" ? 10 : 0);
  const outcome = (mostTokens: number) =>
    buildRaftExamples(questions, options({ tokensOf: words, mostTokens }));

  expect(await outcome(13)).toMatchObject({ shortened: [], longest: 0 });
  const { examples, shortened, longest } = await outcome(12);
  const [long, short, other] = shown(examples);
  expect(long).toHaveLength(2);
  expect(long).toContain("a2");
  expect(examples[0]!.completion).toBe(`four pounds [${long!.indexOf("a2") + 1}]`);
  // One that shares the context is shown the same.
  expect(short).toEqual(long);
  expect(other).toHaveLength(3);
  expect({ shortened, longest }).toEqual({ shortened: ["long", "short"], longest: 13 });

  // One that has no room for its golden passage alone costs the others nothing.
  expect(shown((await outcome(5)).examples).map((one) => one.length)).toEqual([3, 3, 3, 3]);
  expect(shown((await outcome(2)).examples).map((one) => one.length)).toEqual([2, 2, 2, 2]);
});
