import { join } from "node:path";
import type { Example } from "../contracts/index.ts";
import { randomStream } from "../random/index.ts";
import { writeSafetensors, type FloatTensor } from "../formats/index.ts";
import { decoderModules, parseDecoderConfig } from "../models/index.ts";
import { writeFileAtomic } from "../platform/index.ts";
import type { TrainingSettings } from "./settings.ts";

const specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
const characters = [
  ..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;?!'-()",
  "\u0120", // a space, as byte-level BPE writes it
  "\u010a", // a line break
];
const vocabulary = [...specials, ...characters];

export const tinyConfig = {
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  vocab_size: vocabulary.length,
  hidden_size: 32,
  intermediate_size: 48,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  max_position_embeddings: 128,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  hidden_act: "silu",
  tie_word_embeddings: true,
  eos_token_id: 2,
  torch_dtype: "float32",
};

const chatTemplate =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}" +
  "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

/** A Hugging Face folder of a llama that trains within seconds: random weights, a token for each character. */
export async function writeTinyLlama(folder: string): Promise<void> {
  const write = (name: string, value: unknown) => writeFileAtomic(join(folder, name), JSON.stringify(value));
  await write("config.json", tinyConfig);
  await write("tokenizer_config.json", {
    eos_token: "<|im_end|>",
    pad_token: "<|endoftext|>",
    tokenizer_class: "PreTrainedTokenizerFast",
    chat_template: chatTemplate,
  });
  await write("tokenizer.json", {
    version: "1.0",
    added_tokens: specials.map((content, id) => ({
      id,
      content,
      special: true,
      normalized: false,
      single_word: false,
      lstrip: false,
      rstrip: false,
    })),
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
      merges: [],
    },
  });
  await writeFileAtomic(join(folder, "model.safetensors"), writeSafetensors(tinyWeights()));
}

function tinyWeights(): Map<string, FloatTensor> {
  const config = parseDecoderConfig(tinyConfig);
  const { hiddenSize, vocabularySize } = config;
  const tensors = new Map<string, FloatTensor>();
  const random = randomStream(1);
  const add = (name: string, shape: number[], value: () => number): void => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, value);
    tensors.set(name, { shape, data });
  };
  const noise = (scale: number) => () => (random() - 0.5) * scale;
  add("model.embed_tokens.weight", [vocabularySize, hiddenSize], noise(1));
  add("model.norm.weight", [hiddenSize], () => 1);
  for (let layer = 0; layer < config.layers; layer++) {
    add(`model.layers.${layer}.input_layernorm.weight`, [hiddenSize], () => 1);
    add(`model.layers.${layer}.post_attention_layernorm.weight`, [hiddenSize], () => 1);
  }
  for (const { path, outputs, inputs } of decoderModules(config)) {
    add(`${path}.weight`, [outputs, inputs], noise(0.5));
  }
  return tensors;
}

export const tinySettings: TrainingSettings = {
  arithmetic: "f32",
  method: "lora",
  rl_beta: 0.1,
  problem_type: "single_label_classification",
  freeze_base: true,
  lora_r: 4,
  lora_alpha: 8,
  lora_dropout: 0,
  peft_use_rslora: false,
  lora_target_modules: ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
  learning_rate: 0.02,
  lr_scheduler: "cosine",
  warmup_ratio: 0.1,
  num_epochs: 3,
  micro_batch_size: 2,
  gradient_accumulation_steps: 1,
  sequence_len: 64,
  weight_decay: 0,
  label_smoothing_factor: 0,
  max_grad_norm: 1,
  evals_per_epoch: 1,
  early_stopping_patience: 0,
  seed: 7,
};

const colours = ["red", "blue", "green", "black"];

/** Something to learn: a letter always has the same colour. */
export function colourExamples(count: number, seed: number): Example[] {
  const random = randomStream(seed);
  return Array.from({ length: count }, (_, index) => {
    const letter = Math.floor(random() * 8);
    const name = String.fromCharCode(97 + letter);
    return {
      id: `c${seed}-${index}`,
      prompt: [{ role: "user", content: `${"so ".repeat(Math.floor(random() * 3))}what is ${name}?` }],
      completion: colours[letter % colours.length]!,
    };
  });
}
