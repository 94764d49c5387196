import type { DecoderConfig } from "./config.ts";
import type { ConfigJson } from "./config-json.ts";
import { fusedLayers } from "./linear-layers.ts";
import { readPlainConfig, readWindow } from "./read-config.ts";

/** Phi 3 and 4 mini (https://arxiv.org/abs/2404.14219): fused linear layers. Throws LORAG_MODEL_CONFIG. */
export function readPhi3Config(json: ConfigJson): DecoderConfig {
  const config = readPlainConfig({ original_max_position_embeddings: 4096, ...json }, { epsilon: 1e-5 });
  const window = readWindow(json);
  const attention = config.attention.map((layer) => ({ ...layer, window }));
  return { ...config, attention, linear: fusedLayers(config) };
}
