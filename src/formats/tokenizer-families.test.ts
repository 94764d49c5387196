import { expect, test } from "vitest";
import golden from "../../test/golden/tokenizer_families.json" with { type: "json" };
import { ggufTokenizer } from "./gguf-tokenizer.ts";
import type { GgufFile } from "./gguf.ts";
import { createTokenizer } from "./tokenizer.ts";

/** Recorded by test/golden/tokenizer_families.py. */
const families = Object.entries(golden.families);

test.each(families)(
  "%s: ids and texts are those of the reference",
  (_, { tokenizer, ids, special, decoded }) => {
    const ours = createTokenizer(tokenizer);
    expect(golden.texts.map((text) => ours.encode(text))).toEqual(ids);
    expect(ours.encode(golden.texts[0]!, { special: true })).toEqual(special);
    expect(ids.map((row) => ours.decode(row))).toEqual(decoded);
  },
);

/** The metadata that a GGUF of such a model has. */
function metadataOf(family: keyof typeof golden.families, more: Record<string, unknown>): GgufFile {
  const { model, added_tokens } = golden.families[family].tokenizer;
  const vocab = model.vocab as Record<string, number>;
  const tokens = Object.keys(vocab).sort((a, b) => vocab[a]! - vocab[b]!);
  const special = new Set(added_tokens.map(({ content }) => content));
  const isByte = (token: string) => /^<0x[0-9A-F]{2}>$/.test(token);
  const types = tokens.map((token) => (special.has(token) ? 3 : isByte(token) ? 6 : 1));
  const merges = (model as { merges?: [string, string][] }).merges?.map((merge) => merge.join(" "));
  const metadata = {
    tokens,
    token_type: types,
    merges,
    scores: tokens.map((_, id) => -id),
    unknown_token_id: 0,
    ...more,
  };
  return {
    metadata: new Map(Object.entries(metadata).map(([key, value]) => [`tokenizer.ggml.${key}`, value])),
  } as unknown as GgufFile;
}

test.each<[keyof typeof golden.families, Record<string, unknown>]>([
  ["Llama 3, SmolLM 3", { model: "gpt2", pre: "llama-bpe" }],
  ["Qwen", { model: "gpt2", pre: "qwen2" }],
  ["Llama 2, Mistral, Phi 3", { model: "llama" }],
  ["Gemma", { model: "llama", add_space_prefix: false }],
])("%s: a GGUF's tokenizer gives the same", (family, more) => {
  const ours = ggufTokenizer(metadataOf(family, more));
  const { ids, decoded } = golden.families[family];
  expect(golden.texts.map((text) => ours.encode(text))).toEqual(ids);
  expect(ids.map((row) => ours.decode(row))).toEqual(decoded);
});
