import { LoragError } from "../../contracts/index.ts";

/** Sizes of a BERT encoder (https://arxiv.org/abs/1810.04805). */
export interface BertConfig {
  vocabularySize: number;
  hiddenSize: number;
  intermediateSize: number;
  layers: number;
  heads: number;
  maxPositions: number;
  /** Kinds of text that are told apart; only the first is used. */
  segments: number;
  epsilon: number;
}

/** Reads a `config.json` of transformers. Throws LORAG_MODEL_CONFIG for what the forward pass does not have. */
export function readBertConfig(json: Readonly<Record<string, unknown>>): BertConfig {
  const size = (key: string, otherwise?: number): number => {
    const value = json[key] ?? otherwise;
    if (typeof value === "number" && Number.isInteger(value) && value > 0 && value < 2 ** 24) return value;
    throw badConfig(key, value, "a whole number above 0");
  };
  const require = (key: string, expected: string, otherwise: unknown): void => {
    const value = json[key] ?? otherwise;
    if (value !== expected) throw badConfig(key, value, JSON.stringify(expected));
  };
  require("hidden_act", "gelu", "gelu");
  require("position_embedding_type", "absolute", "absolute");
  const epsilon = json["layer_norm_eps"] ?? 1e-12;
  if (typeof epsilon !== "number" || epsilon <= 0) throw badConfig("layer_norm_eps", epsilon, "above 0");
  const config = {
    vocabularySize: size("vocab_size"),
    hiddenSize: size("hidden_size"),
    intermediateSize: size("intermediate_size"),
    layers: size("num_hidden_layers"),
    heads: size("num_attention_heads"),
    maxPositions: size("max_position_embeddings"),
    segments: size("type_vocab_size", 2),
    epsilon,
  };
  if (config.hiddenSize % config.heads !== 0)
    throw badConfig("num_attention_heads", config.heads, `a divisor of ${config.hiddenSize}`);
  return config;
}

function badConfig(key: string, value: unknown, expected: string): LoragError {
  return new LoragError({
    code: "LORAG_MODEL_CONFIG",
    kind: "data",
    message: `The model's config.json has ${key} = ${JSON.stringify(value)}, where ${expected} is needed`,
    next: "Use a BERT sentence encoder such as sentence-transformers/all-MiniLM-L6-v2.",
  });
}
