import type { DecoderConfig } from "./config.ts";
import type { ConfigJson } from "./config-json.ts";
import { separateLayers } from "./linear-layers.ts";
import { readPlainConfig } from "./read-config.ts";

/**
 * Llama (https://arxiv.org/abs/2302.13971; grouped queries: https://arxiv.org/abs/2307.09288; rotary scaling:
 * https://arxiv.org/abs/2407.21783). Throws LORAG_MODEL_CONFIG for a missing or impossible value, or a feature that the
 * graphs do not have.
 */
export function readLlamaConfig(json: ConfigJson): DecoderConfig {
  const config = readPlainConfig(json);
  const attention = json["attention_bias"] === true;
  const places = {
    queryKeyValue: attention,
    attentionOut: attention,
    feedForward: json["mlp_bias"] === true,
  };
  return { ...config, linear: separateLayers(config, places) };
}
