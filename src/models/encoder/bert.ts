import { openEncoderJson, requireHeads, type EncoderConfig } from "./config.ts";
import { bertNames, mpnetNames, robertaNames } from "./names.ts";

type Json = Readonly<Record<string, unknown>>;

/** BERT (https://arxiv.org/abs/1810.04805). Throws LORAG_MODEL_CONFIG for what the graph does not have. */
export function readBertConfig(json: Json): EncoderConfig {
  const { size, expect, epsilon, labels } = openEncoderJson(json);
  expect("hidden_act", "gelu");
  expect("position_embedding_type", "absolute");
  return requireHeads({
    modelType: String(json["model_type"]),
    vocabularySize: size("vocab_size"),
    hiddenSize: size("hidden_size"),
    intermediateSize: size("intermediate_size"),
    layers: size("num_hidden_layers"),
    heads: size("num_attention_heads"),
    maxPositions: size("max_position_embeddings"),
    firstPosition: 0,
    segments: size("type_vocab_size", 2),
    epsilon: epsilon(1e-12),
    names: bertNames,
    labels,
  });
}

/** RoBERTa (https://arxiv.org/abs/1907.11692) and XLM-RoBERTa: positions are counted from after that of padding. */
export function readRobertaConfig(json: Json): EncoderConfig {
  const config = readBertConfig(json);
  const padding = json["pad_token_id"];
  const firstPosition = 1 + (typeof padding === "number" ? padding : 1);
  return { ...config, firstPosition, maxPositions: config.maxPositions - firstPosition, names: robertaNames };
}

/** MPNet (https://arxiv.org/abs/2004.09297): a bias by distance, one for all layers. */
export function readMpnetConfig(json: Json): EncoderConfig {
  const config = readBertConfig(json);
  return {
    ...config,
    // Of padding there is always one, and positions begin after it.
    firstPosition: 2,
    maxPositions: config.maxPositions - 2,
    segments: 0,
    distanceBuckets: openEncoderJson(json).size("relative_attention_num_buckets", 32),
    names: mpnetNames,
  };
}
