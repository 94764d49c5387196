import { openEncoderJson, requireHeads, type EncoderConfig } from "./config.ts";
import { distilBertNames } from "./names.ts";

/** DistilBERT (https://arxiv.org/abs/1910.01108). Throws LORAG_MODEL_CONFIG for what the graph does not have. */
export function readDistilBertConfig(json: Readonly<Record<string, unknown>>): EncoderConfig {
  const { size, expect, labels } = openEncoderJson(json);
  expect("activation", "gelu");
  return requireHeads({
    modelType: "distilbert",
    vocabularySize: size("vocab_size"),
    hiddenSize: size("dim"),
    intermediateSize: size("hidden_dim"),
    layers: size("n_layers"),
    heads: size("n_heads"),
    maxPositions: size("max_position_embeddings"),
    firstPosition: 0,
    segments: 0,
    epsilon: 1e-12,
    names: distilBertNames,
    labels,
  });
}
