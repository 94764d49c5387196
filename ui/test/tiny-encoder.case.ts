import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeSafetensors, type FloatTensor } from "../../src/formats/index.ts";
import { randomStream } from "../../src/random/index.ts";

const hidden = 16;
const intermediate = 32;
const longest = 256;
const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

/** A folder of a sentence encoder that embeds thousands of passages a second: one layer, random weights, a token for each word. */
export function writeTinyEncoder(folder: string, words: readonly string[]): void {
  const vocabulary = [...specials, ...words];
  const write = (name: string, value: unknown): void =>
    writeFileSync(join(folder, name), JSON.stringify(value));
  mkdirSync(join(folder, "1_Pooling"), { recursive: true });
  write("config.json", {
    architectures: ["BertModel"],
    model_type: "bert",
    hidden_act: "gelu",
    hidden_size: hidden,
    intermediate_size: intermediate,
    layer_norm_eps: 1e-12,
    max_position_embeddings: longest,
    num_attention_heads: 2,
    num_hidden_layers: 1,
    pad_token_id: 0,
    type_vocab_size: 2,
    vocab_size: vocabulary.length,
  });
  write("1_Pooling/config.json", { word_embedding_dimension: hidden, pooling_mode_mean_tokens: true });
  write("tokenizer_config.json", { tokenizer_class: "BertTokenizer", model_max_length: longest });
  const special = (id: string, type: number): object => ({ SpecialToken: { id, type_id: type } });
  const known = (id: string): object => ({ id, ids: [specials.indexOf(id)], tokens: [id] });
  write("tokenizer.json", {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: specials.map((content, id) => ({
      id,
      content,
      special: true,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
    })),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [special("[CLS]", 0), { Sequence: { id: "A", type_id: 0 } }, special("[SEP]", 0)],
      pair: [],
      special_tokens: { "[CLS]": known("[CLS]"), "[SEP]": known("[SEP]") },
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
    },
  });
  writeFileSync(join(folder, "model.safetensors"), writeSafetensors(weights(vocabulary.length)));
}

function weights(words: number): Map<string, FloatTensor> {
  const tensors = new Map<string, FloatTensor>();
  const random = randomStream(1);
  const add = (name: string, shape: number[], value: () => number): void => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, value);
    tensors.set(name, { shape, data });
  };
  const noise = (): number => (random() - 0.5) * 0.5;
  const norm = (name: string): void => {
    add(`${name}.weight`, [hidden], () => 1);
    add(`${name}.bias`, [hidden], () => 0);
  };
  const linear = (name: string, outputs: number, inputs: number): void => {
    add(`${name}.weight`, [outputs, inputs], noise);
    add(`${name}.bias`, [outputs], () => 0);
  };
  add("embeddings.word_embeddings.weight", [words, hidden], () => random() - 0.5);
  add("embeddings.position_embeddings.weight", [longest, hidden], () => 0);
  add("embeddings.token_type_embeddings.weight", [2, hidden], () => 0);
  norm("embeddings.LayerNorm");
  for (const part of ["self.query", "self.key", "self.value", "output.dense"])
    linear(`encoder.layer.0.attention.${part}`, hidden, hidden);
  norm("encoder.layer.0.attention.output.LayerNorm");
  linear("encoder.layer.0.intermediate.dense", intermediate, hidden);
  linear("encoder.layer.0.output.dense", hidden, intermediate);
  norm("encoder.layer.0.output.LayerNorm");
  return tensors;
}
