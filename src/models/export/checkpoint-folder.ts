import { join } from "node:path";
import { safetensorsPieces } from "../../formats/index.ts";
import { exists, readFile, type WriteMember } from "../../platform/index.ts";
import type { OpenModel } from "../hub/open-model.ts";
import type { ResolvedModel } from "../hub/resolve-model.ts";

/** What lies beside the weights of a checkpoint, and is the same whatever they are. */
const besides = [
  "generation_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "vocab.json",
  "vocab.txt",
  "merges.txt",
  "tokenizer.model",
  "chat_template.jinja",
];

/** Classes of transformers, by `model_type`. */
const classes: Readonly<Record<string, string>> = {
  llama: "LlamaForCausalLM",
  mistral: "MistralForCausalLM",
  qwen2: "Qwen2ForCausalLM",
  qwen3: "Qwen3ForCausalLM",
  gemma3_text: "Gemma3ForCausalLM",
  phi3: "Phi3ForCausalLM",
  smollm3: "SmolLM3ForCausalLM",
};

/** Writes a model in float32 as a folder that transformers loads, its tokenizer and chat template included. */
export async function writeCheckpointFolder(
  model: OpenModel,
  { folder }: ResolvedModel,
  write: WriteMember,
): Promise<void> {
  const { weights, sources } = model;
  const json = (name: string, value: unknown) => write(name, `${JSON.stringify(value, null, 2)}\n`);
  const { torch_dtype: _, dtype: __, ...config } = sources.config;
  const own = classes[String(config["model_type"])];
  await json("config.json", {
    ...(own && { architectures: [own] }),
    ...config,
    dtype: "float32",
  });
  if (sources.gguf) {
    await json("tokenizer.json", completeTokenizer(sources.tokenizer));
    await json("tokenizer_config.json", {
      ...sources.tokenizerConfig,
      tokenizer_class: "PreTrainedTokenizerFast",
      clean_up_tokenization_spaces: false,
      model_max_length: config["max_position_embeddings"],
    });
    await json("generation_config.json", {
      eos_token_id: model.endIds,
      ...(typeof config["bos_token_id"] === "number" && { bos_token_id: config["bos_token_id"] }),
      ...(typeof config["pad_token_id"] === "number" && { pad_token_id: config["pad_token_id"] }),
    });
    if (sources.chatTemplate !== undefined) await write("chat_template.jinja", sources.chatTemplate);
  } else {
    for (const name of besides) {
      const path = join(folder, name);
      if (await exists(path)) await write(name, await readFile(path));
    }
  }
  const tensors = weights
    .names()
    .map((name) => ({ name, shape: weights.shape(name), read: () => weights.read(name) }));
  await write("model.safetensors", safetensorsPieces(tensors));
}

/** With the fields that the reference's reader does not do without. */
function completeTokenizer(json: Record<string, unknown>): Record<string, unknown> {
  const added = (json["added_tokens"] ?? []) as Record<string, unknown>[];
  const complete = (step: unknown): unknown => {
    if (typeof step !== "object" || step === null) return step;
    const { type, pretokenizers } = step as { type?: string; pretokenizers?: unknown[] };
    if (type === "ByteLevel")
      return { add_prefix_space: false, trim_offsets: true, use_regex: true, ...step };
    return pretokenizers ? { ...step, pretokenizers: pretokenizers.map(complete) } : step;
  };
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    normalizer: null,
    post_processor: null,
    ...json,
    added_tokens: added.map((token) => ({ single_word: false, lstrip: false, rstrip: false, ...token })),
    pre_tokenizer: complete(json["pre_tokenizer"] ?? null),
    decoder: complete(json["decoder"] ?? null),
  };
}
