import { LoragError } from "../../contracts/index.ts";

/** Sizes and constants of a llama-architecture model (https://arxiv.org/abs/2307.09288). */
export interface LlamaConfig {
  vocabularySize: number;
  hiddenSize: number;
  intermediateSize: number;
  layers: number;
  heads: number;
  /** Groups of heads that share keys and values. */
  keyValueHeads: number;
  headSize: number;
  maxPositions: number;
  epsilon: number;
  ropeTheta: number;
  /** The output layer is the embedding. */
  tiedEmbedding: boolean;
}

/** Far above any model there is: a size beyond is damage, and would be allocated before a tensor's shape refutes it. */
const most = { width: 2 ** 20, vocabulary: 2 ** 22, positions: 2 ** 20, layers: 2 ** 10, heads: 2 ** 12 };

/**
 * Reads a `config.json` in Hugging Face's form (the GGUF reader gives the same form).
 * Throws LORAG_MODEL_CONFIG for a missing or impossible value, or a feature that the forward pass does not have.
 */
export function parseLlamaConfig(json: Readonly<Record<string, unknown>>): LlamaConfig {
  const size = (key: string, limit: number, otherwise?: number): number => {
    const value = json[key] ?? otherwise;
    if (typeof value === "number" && Number.isInteger(value) && value > 0 && value <= limit) return value;
    throw badConfig(key, value, `a whole number from 1 to ${limit}`);
  };
  const positive = (key: string, value: unknown): number => {
    if (typeof value === "number" && value > 0) return value;
    throw badConfig(key, value, "a number above 0");
  };
  const hiddenSize = size("hidden_size", most.width);
  const heads = size("num_attention_heads", most.heads);
  const keyValueHeads = size("num_key_value_heads", most.heads, heads);
  const rope = (json["rope_parameters"] ?? json["rope_scaling"] ?? {}) as Record<string, unknown>;
  const ropeType = rope["rope_type"] ?? rope["type"] ?? "default";
  if (json["model_type"] !== "llama") throw badConfig("model_type", json["model_type"], '"llama"');
  if (ropeType !== "default") throw badConfig("rope_type", ropeType, '"default"');
  if ((json["hidden_act"] ?? "silu") !== "silu") throw badConfig("hidden_act", json["hidden_act"], '"silu"');
  for (const key of ["attention_bias", "mlp_bias"]) if (json[key]) throw badConfig(key, json[key], "false");
  if (heads % keyValueHeads !== 0)
    throw badConfig("num_key_value_heads", keyValueHeads, `a divisor of ${heads}`);
  const headSize = size("head_dim", most.width, hiddenSize / heads);
  // What onnxruntime's attention over a cache takes.
  if (headSize % 16 !== 0) throw badConfig("head_dim", headSize, "a multiple of 16");
  return {
    vocabularySize: size("vocab_size", most.vocabulary),
    hiddenSize,
    intermediateSize: size("intermediate_size", most.width),
    layers: size("num_hidden_layers", most.layers),
    heads,
    keyValueHeads,
    headSize,
    maxPositions: size("max_position_embeddings", most.positions),
    epsilon: positive("rms_norm_eps", json["rms_norm_eps"]),
    ropeTheta: positive("rope_theta", json["rope_theta"] ?? rope["rope_theta"] ?? 10_000),
    tiedEmbedding: json["tie_word_embeddings"] === true,
  };
}

function badConfig(key: string, value: unknown, expected: string): LoragError {
  return new LoragError({
    code: "LORAG_MODEL_CONFIG",
    kind: "data",
    message: `The model's configuration has ${key} ${JSON.stringify(value)}; this architecture takes ${expected}`,
    next: "Choose a llama model without that feature, such as SmolLM2-135M-Instruct.",
  });
}
