import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkMutations, readAll } from "../../formats/corrupt.case.ts";
import { tinyLlamaGguf } from "../../formats/gguf.case.ts";
import { createChatTemplate, ggufTokenizer, readGguf, type WeightSource } from "../../formats/index.ts";
import { memorySource, type ByteSource } from "../../platform/index.ts";
import { openGgufCheckpoint } from "./gguf-checkpoint.ts";

const bytes = new Uint8Array(readFileSync(new URL("../../../test/golden/tiny.gguf", import.meta.url)));

test("a llama takes its checkpoint's names and the rows of q and k their order", () => {
  const gguf = readGguf(memorySource(bytes));
  const { config, weights } = openGgufCheckpoint(gguf);
  expect(config).toMatchObject({ hidden_size: 256, num_key_value_heads: 2, tie_word_embeddings: true });
  const stored = gguf.read("blk.0.attn_q.weight");
  const put = weights.read("model.layers.0.self_attn.q_proj.weight");
  const row = (values: Float32Array, index: number) => values.slice(index * 256, index * 256 + 256);
  // Four rows a head: 0 1 2 3 of each head in the file are 0 2 1 3 of the checkpoint.
  for (const [from, to] of [0, 2, 1, 3, 4, 6, 5, 7].entries())
    expect(row(put, to)).toEqual(row(stored, from));
  expect(weights.read("model.layers.0.self_attn.v_proj.weight")).toEqual(gguf.read("blk.0.attn_v.weight"));
});

/** All that is made of a file: tokenizer, chat template, configuration, tensors. */
function openAll(source: ByteSource): WeightSource {
  const gguf = readGguf(source);
  const tokenizer = ggufTokenizer(gguf);
  for (const id of tokenizer.encode("ab é <s> 12")) expect(id).toBeLessThan(tokenizer.size);
  tokenizer.decode(Array.from({ length: tokenizer.size }, (_, id) => id));
  createChatTemplate(String(gguf.metadata.get("tokenizer.chat_template")), {
    special: tokenizer.specialTokens.values(),
  }).render([{ role: "user", content: "a" }], { prompt: true });
  return openGgufCheckpoint(gguf).weights;
}

test("so does a whole model with damaged metadata", () => {
  const model = tinyLlamaGguf();
  expect(readAll(openAll, model)).toBe(undefined);
  checkMutations(openAll, model);
});

test.each<[string, string | number]>([
  ["llama.rope.scaling.type", "yarn"],
  ["llama.attention.value_length", 8],
  ["llama.attention.scale", 1],
  ["llama.expert_count", 4],
])("refuses a llama with %s %s, which is not computed here", (key, value) => {
  const open = (changed: Record<string, string | number>) => () =>
    openGgufCheckpoint(readGguf(memorySource(tinyLlamaGguf(changed))));
  expect(open({ [key]: value })).toThrowError(
    expect.objectContaining({ code: "LORAG_GGUF_UNSUPPORTED", message: expect.stringContaining(key) }),
  );
  expect(open({ "llama.rope.scaling.type": "none", "llama.rope.dimension_count": 16 })).not.toThrow();
});

test.each(["blk.0.attn_norm.bias", "blk.0.attn_q_norm.weight", "blk.1.attn_norm.weight", "output.bias"])(
  "refuses a llama with the tensor %s, which would be left out",
  (name) => {
    expect(() => openGgufCheckpoint(readGguf(memorySource(tinyLlamaGguf({}, { [name]: [8] }))))).toThrowError(
      expect.objectContaining({ code: "LORAG_GGUF_UNSUPPORTED", message: expect.stringContaining(name) }),
    );
  },
);

test("scaled and partial rotary positions are those of config.json", () => {
  const scaling = (changed: Record<string, string | number>) =>
    openGgufCheckpoint(readGguf(memorySource(tinyLlamaGguf(changed)))).config["rope_scaling"];
  expect(scaling({ "llama.rope.scaling.factor": 2 })).toEqual({ rope_type: "linear", factor: 2 });
  expect(scaling({ "llama.rope.scale_linear": 4 })).toEqual({ rope_type: "linear", factor: 4 });
  expect(scaling({ "llama.rope.dimension_count": 8 })).toEqual({ partial_rotary_factor: 0.5 });
  expect(scaling({ "llama.rope.scaling.type": "none", "llama.rope.scaling.factor": 2 })).toEqual({});
});

test("of an architecture that is not computed those that are are named", () => {
  expect(() =>
    openGgufCheckpoint(readGguf(memorySource(tinyLlamaGguf({ "general.architecture": "mamba" })))),
  ).toThrowError(
    expect.objectContaining({
      code: "LORAG_GGUF_UNSUPPORTED",
      message: expect.stringContaining("mamba"),
      next: expect.stringMatching(/llama, qwen2, qwen3, gemma3, phi3, smollm3/),
    }),
  );
});
