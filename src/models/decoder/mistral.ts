import type { DecoderConfig } from "./config.ts";
import type { ConfigJson } from "./config-json.ts";
import { readPlainConfig, readWindow } from "./read-config.ts";

/** Mistral: a llama whose tokens see a window (https://arxiv.org/abs/2310.06825). Throws LORAG_MODEL_CONFIG. */
export function readMistralConfig(json: ConfigJson): DecoderConfig {
  const config = readPlainConfig(json);
  const window = readWindow(json, 4096);
  return { ...config, attention: config.attention.map((layer) => ({ ...layer, window })) };
}
