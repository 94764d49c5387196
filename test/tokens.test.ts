import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTokenizer, wordPieceFromVocabulary } from "../src/formats/index.ts";
import { openModel, resolveModel } from "../src/models/index.ts";
import { goldenStrings } from "./golden/golden-strings.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const golden = JSON.parse(readFileSync(new URL("golden/tokens.json", import.meta.url), "utf8")) as {
  strings: string;
  bpe: string[];
  wordPiece: string[];
};
const texts = goldenStrings();

test("the strings are those that the reference tokenised", () => {
  expect(texts).toHaveLength(10_000);
  expect(sha256(texts.join("\n"))).toBe(golden.strings);
});

test.each([
  ["bpe", "smollm2-135m-instruct"],
  ["wordPiece", "all-minilm-l6-v2"],
] as const)("%s gives the reference's ids", async (kind, name) => {
  const { tokenizer, weights } = await openModel(await resolveModel(name));
  weights.close();
  for (const [block, expected] of golden[kind].entries()) {
    const rows = texts.slice(block * 100, block * 100 + 100).map((text) => {
      const ids = tokenizer.encode(text, { special: true });
      return ids.join(" ");
    });
    expect(sha256(rows.join("\n")).slice(0, 16), `strings ${block * 100} to ${block * 100 + 99}`).toBe(
      expected,
    );
  }
});

test("a vocab.txt alone gives the same tokenizer", async () => {
  const { folder } = await resolveModel("all-minilm-l6-v2");
  const json = JSON.parse(readFileSync(join(folder, "tokenizer.json"), "utf8")) as {
    model: { vocab: Record<string, number> };
  };
  const vocabulary = Object.entries(json.model.vocab)
    .sort(([, a], [, b]) => a - b)
    .map(([token]) => token)
    .join("\n");
  const whole = createTokenizer(json);
  const rebuilt = createTokenizer(wordPieceFromVocabulary(vocabulary, { lowercase: true }));
  for (const text of texts.filter((_, i) => i % 50 === 0)) {
    expect(rebuilt.encode(text, { special: true })).toEqual(whole.encode(text, { special: true }));
  }
});
