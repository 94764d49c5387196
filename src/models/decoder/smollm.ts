import type { DecoderConfig } from "./config.ts";
import { badConfig, readPositive, type ConfigJson } from "./config-json.ts";
import { separateLayers } from "./linear-layers.ts";
import { readPlainConfig, requireValue } from "./read-config.ts";

/**
 * SmolLM 3 (https://huggingface.co/blog/smollm3): every fourth layer knows no positions (https://arxiv.org/abs/2501.18795).
 * Throws LORAG_MODEL_CONFIG.
 */
export function readSmolLm3Config(json: ConfigJson): DecoderConfig {
  requireValue(json, "use_sliding_window", false);
  const config = readPlainConfig(json, { theta: 2_000_000, tiedEmbedding: true });
  const turned = readRotaryLayers(json, config.layers);
  const attention = json["attention_bias"] === true;
  const places = {
    queryKeyValue: attention,
    attentionOut: attention,
    feedForward: json["mlp_bias"] === true,
  };
  return {
    ...config,
    attention: config.attention.map((layer, index) => (turned[index] ? layer : {})),
    linear: separateLayers(config, places),
  };
}

/** `no_rope_layers` has 1 for layers with positions, whatever its name says. */
function readRotaryLayers(json: ConfigJson, layers: number): boolean[] {
  const given = json["no_rope_layers"];
  if (given === undefined || given === null) {
    const interval = readPositive("no_rope_layer_interval", json["no_rope_layer_interval"] ?? 4);
    return Array.from({ length: layers }, (_, layer) => (layer + 1) % interval !== 0);
  }
  if (!Array.isArray(given) || given.length < layers)
    throw badConfig("no_rope_layers", given, `a list of ${layers}`);
  return given.slice(0, layers).map(Boolean);
}
