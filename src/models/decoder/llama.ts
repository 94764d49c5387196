import type { DecoderConfig } from "./config.ts";
import { badConfig, readPositive, type ConfigJson } from "./config-json.ts";
import { separateLayers } from "./linear-layers.ts";
import { readSizes } from "./sizes.ts";

/**
 * Llama (https://arxiv.org/abs/2302.13971; grouped queries: https://arxiv.org/abs/2307.09288).
 * Throws LORAG_MODEL_CONFIG for a missing or impossible value, or a feature that the graphs do not have.
 */
export function readLlamaConfig(json: ConfigJson): DecoderConfig {
  const rope = (json["rope_parameters"] ?? json["rope_scaling"] ?? {}) as Record<string, unknown>;
  const ropeType = rope["rope_type"] ?? rope["type"] ?? "default";
  if (ropeType !== "default") throw badConfig("rope_type", ropeType, '"default"');
  if ((json["hidden_act"] ?? "silu") !== "silu") throw badConfig("hidden_act", json["hidden_act"], '"silu"');
  for (const key of ["attention_bias", "mlp_bias"]) if (json[key]) throw badConfig(key, json[key], "false");
  const sizes = readSizes(json);
  return {
    ...sizes,
    modelType: "llama",
    epsilon: readPositive("rms_norm_eps", json["rms_norm_eps"]),
    ropeTheta: readPositive("rope_theta", json["rope_theta"] ?? rope["rope_theta"] ?? 10_000),
    tiedEmbedding: json["tie_word_embeddings"] === true,
    linear: separateLayers(sizes),
  };
}
