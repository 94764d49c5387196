import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Embedder } from "../contracts/index.ts";
import { resolveModel } from "../models/index.ts";
import { testEmbedder } from "./embedder.case.ts";
import { createEmbedder } from "./embedder.ts";

const golden = (
  JSON.parse(readFileSync(new URL("../../test/golden/embeddings.json", import.meta.url), "utf8")) as {
    text: string;
    vector: string;
  }[]
).map(({ text, vector }) => ({
  text,
  vector: new Float32Array(Uint8Array.from(Buffer.from(vector, "base64")).buffer),
}));
const texts = golden.map(({ text }) => text);
const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((total, value, i) => total + value * b[i]!, 0);

describe.each([
  ["f32", 0.9999],
  ["int8", 0.99],
] as const)("%s", (arithmetic, least) => {
  let embedder: Embedder;
  beforeAll(async () => {
    embedder = await createEmbedder({
      model: await resolveModel("all-minilm-l6-v2"),
      arithmetic,
      threads: 2,
    });
  });
  afterAll(() => embedder.close());

  test("vectors are those of sentence-transformers", async () => {
    const vectors = await embedder.embed(texts);
    for (const [i, vector] of vectors.entries()) {
      expect(cosine(vector, golden[i]!.vector), texts[i]).toBeGreaterThanOrEqual(least);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
  });
});

describe("an embedder", () => {
  testEmbedder("local", async () =>
    createEmbedder({ model: await resolveModel("all-minilm-l6-v2"), threads: 2 }),
  );

  test("names its model and arithmetic", async () => {
    const model = await resolveModel("all-minilm-l6-v2");
    const embedder = await createEmbedder({ model, threads: 1 });
    expect(embedder.identity).toContain("all-MiniLM-L6-v2 int8");
    expect(embedder.dimensions).toBe(384);
    await embedder.close();
  });

  test("reads a text as far as its tokens reach, past blanks and words without end", async () => {
    const model = await resolveModel("all-minilm-l6-v2");
    const embedder = await createEmbedder({ model, arithmetic: "f32", threads: 1 });
    const [plain, behindBlanks, unknown, behindUnknown, long, longer] = await embedder.embed([
      "a ship in the harbour",
      `${" ".repeat(60_000)}a ship in the harbour`,
      `${"x".repeat(101)} a ship in the harbour`,
      `${"x".repeat(60_000)} a ship in the harbour`,
      "ship ".repeat(300),
      `${"ship ".repeat(300)}and a harbour`,
    ]);
    expect(behindBlanks).toEqual(plain);
    expect(behindUnknown).toEqual(unknown);
    expect(longer).toEqual(long);
    await embedder.close();
  });

  test("refuses a model that is no sentence encoder", async () => {
    const model = await resolveModel("smollm2-135m-instruct");
    await expect(createEmbedder({ model, threads: 1 })).rejects.toMatchObject({ code: "LORAG_MODEL_CONFIG" });
  });
});
