import { expect, test } from "vitest";
import { readLlamaConfig } from "./llama.ts";

const config = {
  model_type: "llama",
  vocab_size: 49_152,
  hidden_size: 576,
  intermediate_size: 1_536,
  num_hidden_layers: 30,
  num_attention_heads: 9,
  num_key_value_heads: 3,
  max_position_embeddings: 8_192,
  rms_norm_eps: 1e-5,
};

test("a head's size and the cache's heads follow from the rest", () => {
  expect(readLlamaConfig(config)).toMatchObject({ headSize: 64, keyValueHeads: 3, maxPositions: 8_192 });
});

test("a head size that attention over a cache does not take is refused", () => {
  expect(() => readLlamaConfig({ ...config, head_dim: 40 })).toThrow(/head_dim 40; .* a multiple of 16/);
});

test.each([
  "vocab_size",
  "hidden_size",
  "intermediate_size",
  "num_hidden_layers",
  "num_attention_heads",
  "num_key_value_heads",
  "head_dim",
  "max_position_embeddings",
])("%s that no model has is refused before anything is allocated", (key) => {
  for (const value of [0, 1.5, "8", 2 ** 31 - 1]) {
    expect(() => readLlamaConfig({ ...config, [key]: value })).toThrow(
      expect.objectContaining({
        code: "LORAG_MODEL_CONFIG",
        message: expect.stringContaining(`${key} ${JSON.stringify(value)}`),
      }),
    );
  }
});
