import type { DecoderConfig } from "./config.ts";
import { readPositive, type ConfigJson } from "./config-json.ts";
import { readPlainConfig, readSlidingLayers, readWindow, requireValue } from "./read-config.ts";
import { rotaryOf } from "./rotary.ts";

/**
 * Gemma 3, text only (https://arxiv.org/abs/2503.19786): norms around each part of a block, most layers with a window and
 * rotary positions of their own. Throws LORAG_MODEL_CONFIG.
 */
export function readGemma3Config(json: ConfigJson): DecoderConfig {
  requireValue(json, "hidden_activation", "gelu_pytorch_tanh");
  for (const key of ["attn_logit_softcapping", "final_logit_softcapping"]) requireValue(json, key, null);
  for (const key of ["attention_bias", "use_bidirectional_attention"]) requireValue(json, key, false);
  const { rope_parameters, rope_scaling, ...rest } = json;
  const config = readPlainConfig({ head_dim: 256, ...rest, hidden_act: "silu" }, { tiedEmbedding: true });
  // As transformers reads configurations of before its version 5.
  const given = (rope_parameters ?? {}) as Record<string, ConfigJson | undefined>;
  const everywhere = rotaryOf(
    {
      ...(rope_scaling as ConfigJson | undefined),
      rope_theta: json["rope_theta"] ?? 1_000_000,
      ...given["full_attention"],
    },
    config,
  );
  const nearby = rotaryOf(
    { rope_theta: json["rope_local_base_freq"] ?? 10_000, ...given["sliding_attention"] },
    config,
  );
  const pattern = readPositive("sliding_window_pattern", json["sliding_window_pattern"] ?? 6);
  const sliding = readSlidingLayers(json, config.layers, (layer) => (layer + 1) % pattern !== 0);
  const window = readWindow(json, 4096);
  return {
    ...config,
    attention: sliding.map((isSliding) => (isSliding ? { window, rotary: nearby } : { rotary: everywhere })),
    attentionScale: readPositive("query_pre_attn_scalar", json["query_pre_attn_scalar"] ?? 256) ** -0.5,
    queryKeyNorm: true,
    activation: "geluTanh",
    embeddingScale: Math.fround(Math.sqrt(config.hiddenSize)),
    norms: {
      attentionNorm: "input_layernorm",
      afterAttentionNorm: "post_attention_layernorm",
      feedForwardNorm: "pre_feedforward_layernorm",
      afterFeedForwardNorm: "post_feedforward_layernorm",
    },
    normShift: 1,
  };
}
