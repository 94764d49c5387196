import type { DecoderConfig } from "./config.ts";
import { type ConfigJson } from "./config-json.ts";
import { separateLayers } from "./linear-layers.ts";
import { readPlainConfig, readSlidingLayers, readWindow } from "./read-config.ts";

/** Qwen 2 and 2.5: queries, keys and values with a bias (https://arxiv.org/abs/2407.10671). Throws LORAG_MODEL_CONFIG. */
export function readQwen2Config(json: ConfigJson): DecoderConfig {
  const config = readPlainConfig(json);
  return { ...withWindows(config, json), linear: separateLayers(config, { queryKeyValue: true }) };
}

/** Qwen 3: a norm on each head's queries and keys (https://arxiv.org/abs/2505.09388). Throws LORAG_MODEL_CONFIG. */
export function readQwen3Config(json: ConfigJson): DecoderConfig {
  const config = readPlainConfig({ head_dim: 128, ...json });
  const bias = json["attention_bias"] === true;
  return {
    ...withWindows(config, json),
    queryKeyNorm: true,
    linear: separateLayers(config, { queryKeyValue: bias, attentionOut: bias }),
  };
}

/** The layers from `max_window_layers` on see a window where one is switched on. */
function withWindows(config: DecoderConfig, json: ConfigJson): DecoderConfig {
  const window = json["use_sliding_window"] === true ? readWindow(json, 4096) : undefined;
  const first = Number(json["max_window_layers"] ?? 28);
  const sliding = readSlidingLayers(json, config.layers, (layer) => layer >= first);
  const attention = config.attention.map((layer, index) => ({ ...layer, ...(sliding[index] && { window }) }));
  return { ...config, attention };
}
