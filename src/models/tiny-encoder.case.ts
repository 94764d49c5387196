import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { wordPieceFromVocabulary, writeSafetensors, type FloatTensor } from "../formats/index.ts";
import { randomStream } from "../random/index.ts";

export interface TinySizes {
  hidden: number;
  intermediate: number;
  /** Tokens of the longest text. */
  longest: number;
}

const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

/** A folder of a sentence encoder that embeds thousands of passages a second: one layer, random weights, a token for each word. */
export function writeTinyEncoder(
  folder: string,
  words: readonly string[],
  sizes: TinySizes = { hidden: 16, intermediate: 32, longest: 256 },
): void {
  const { hidden, intermediate, longest } = sizes;
  const vocabulary = [...specials, ...new Set(words)];
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
  write("tokenizer.json", wordPieceFromVocabulary(vocabulary.join("\n"), { lowercase: true }));
  writeFileSync(join(folder, "model.safetensors"), writeSafetensors(weights(vocabulary.length, sizes)));
}

function weights(words: number, { hidden, intermediate, longest }: TinySizes): Map<string, FloatTensor> {
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
