import type { DecoderConfig, LayerAttention } from "./config.ts";
import { badConfig, readPositive, type ConfigJson } from "./config-json.ts";
import { separateLayers } from "./linear-layers.ts";
import { readRotary } from "./rotary.ts";
import { readSizes } from "./sizes.ts";

/** What a kind of model takes where its config.json says nothing, as transformers has it. */
export interface ConfigDefaults {
  theta?: number;
  epsilon?: number;
  tiedEmbedding?: boolean;
}

/**
 * A decoder as most are: norms before each part of a block, one kind of rotary positions, every token seen, a gate opened by
 * SiLU. Architectures state what they do otherwise. Throws LORAG_MODEL_CONFIG.
 */
export function readPlainConfig(json: ConfigJson, defaults: ConfigDefaults = {}): DecoderConfig {
  requireValue(json, "hidden_act", "silu");
  const sizes = readSizes(json);
  const rotary = readRotary(json, sizes, defaults.theta);
  return {
    ...sizes,
    maxPositions: rotary.maxPositions ?? sizes.maxPositions,
    modelType: String(json["model_type"]),
    epsilon: readPositive("rms_norm_eps", json["rms_norm_eps"] ?? defaults.epsilon ?? 1e-6),
    linear: separateLayers(sizes),
    attention: sameEverywhere(sizes.layers, { rotary }),
    attentionScale: 1 / Math.sqrt(sizes.headSize),
    queryKeyNorm: false,
    activation: "silu",
    embeddingScale: 1,
    norms: { attentionNorm: "input_layernorm", feedForwardNorm: "post_attention_layernorm" },
    normShift: 0,
    tiedEmbedding: (json["tie_word_embeddings"] ?? defaults.tiedEmbedding ?? false) === true,
  };
}

export function sameEverywhere(layers: number, attention: LayerAttention): LayerAttention[] {
  return Array.from({ length: layers }, () => attention);
}

/** Throws LORAG_MODEL_CONFIG where a key is set to anything else. */
export function requireValue(json: ConfigJson, key: string, expected: unknown): void {
  if ((json[key] ?? expected) !== expected) throw badConfig(key, json[key], JSON.stringify(expected));
}

/** Tokens of a sliding window; undefined for null. Throws LORAG_MODEL_CONFIG. */
export function readWindow(json: ConfigJson, otherwise?: number): number | undefined {
  const value = json["sliding_window"] === undefined ? otherwise : json["sliding_window"];
  if (value === null || value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw badConfig("sliding_window", value, "a whole number above 0, or null");
}

/** `layer_types` where it is given: which layers see a window alone. Throws LORAG_MODEL_CONFIG. */
export function readSlidingLayers(
  json: ConfigJson,
  layers: number,
  otherwise: (layer: number) => boolean,
): boolean[] {
  const types = json["layer_types"];
  if (types === undefined || types === null)
    return Array.from({ length: layers }, (_, layer) => otherwise(layer));
  const known = ["sliding_attention", "full_attention"];
  if (
    !Array.isArray(types) ||
    types.length !== layers ||
    !types.every((type) => known.includes(type as string))
  )
    throw badConfig("layer_types", types, `a list of ${layers}, each ${known.join(" or ")}`);
  return types.map((type) => type === "sliding_attention");
}
