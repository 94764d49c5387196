import { join } from "node:path";
import { writeSafetensors, type FloatTensor } from "../formats/index.ts";
import { writeFileAtomic } from "../platform/index.ts";
import { randomStream } from "../random/index.ts";

const size = 32;
const wide = 48;
const positions = 64;
const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];

/** A Hugging Face folder of a sentence encoder of one layer: random weights, a token for each of the words. */
export async function writeTinyBert(folder: string, words: readonly string[]): Promise<void> {
  const vocabulary = [...specials, ...new Set(words)];
  const write = (name: string, value: unknown) => writeFileAtomic(join(folder, name), JSON.stringify(value));
  await write("config.json", {
    architectures: ["BertModel"],
    model_type: "bert",
    vocab_size: vocabulary.length,
    hidden_size: size,
    intermediate_size: wide,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    max_position_embeddings: positions,
    type_vocab_size: 2,
    hidden_act: "gelu",
    layer_norm_eps: 1e-12,
  });
  await write("tokenizer_config.json", { tokenizer_class: "BertTokenizer", model_max_length: positions });
  const special = (id: string, content: number) => ({ id, ids: [content], tokens: [id] });
  await write("tokenizer.json", {
    version: "1.0",
    added_tokens: specials.map((content, id) => ({ id, content, special: true, normalized: false })),
    normalizer: { type: "BertNormalizer", clean_text: true, lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [
        { SpecialToken: { id: "[CLS]", type_id: 0 } },
        { Sequence: { id: "A", type_id: 0 } },
        { SpecialToken: { id: "[SEP]", type_id: 0 } },
      ],
      pair: [],
      special_tokens: { "[CLS]": special("[CLS]", 2), "[SEP]": special("[SEP]", 3) },
    },
    decoder: { type: "WordPiece", prefix: "##" },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
    },
  });
  await writeFileAtomic(join(folder, "model.safetensors"), writeSafetensors(tinyWeights(vocabulary.length)));
}

function tinyWeights(vocabulary: number): Map<string, FloatTensor> {
  const tensors = new Map<string, FloatTensor>();
  const random = randomStream(1);
  const add = (name: string, shape: number[], value: () => number): void => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, value);
    tensors.set(name, { shape, data });
  };
  const noise = () => random() - 0.5;
  const norm = (name: string): void => {
    add(`${name}.weight`, [size], () => 1);
    add(`${name}.bias`, [size], () => 0);
  };
  add("embeddings.word_embeddings.weight", [vocabulary, size], noise);
  add("embeddings.position_embeddings.weight", [positions, size], () => noise() / 10);
  add("embeddings.token_type_embeddings.weight", [2, size], noise);
  norm("embeddings.LayerNorm");
  const layer = "encoder.layer.0";
  const linear = (name: string, outputs = size, inputs = size): void => {
    add(`${layer}.${name}.weight`, [outputs, inputs], noise);
    add(`${layer}.${name}.bias`, [outputs], () => 0);
  };
  for (const part of ["query", "key", "value"]) linear(`attention.self.${part}`);
  linear("attention.output.dense");
  norm(`${layer}.attention.output.LayerNorm`);
  linear("intermediate.dense", wide, size);
  linear("output.dense", size, wide);
  norm(`${layer}.output.LayerNorm`);
  return tensors;
}
