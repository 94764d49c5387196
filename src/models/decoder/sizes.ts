import { badConfig, type ConfigJson } from "./config-json.ts";

/** Sizes of a decoder. */
export interface DecoderSizes {
  vocabularySize: number;
  hiddenSize: number;
  intermediateSize: number;
  layers: number;
  heads: number;
  /** Groups of heads that share keys and values. */
  keyValueHeads: number;
  headSize: number;
  maxPositions: number;
}

/** Far above any model there is: a size beyond is damage, and would be allocated before a tensor's shape refutes it. */
const most = { width: 2 ** 20, vocabulary: 2 ** 22, positions: 2 ** 20, layers: 2 ** 10, heads: 2 ** 12 };

/** Throws LORAG_MODEL_CONFIG for a missing or impossible size. */
export function readSizes(json: ConfigJson): DecoderSizes {
  const size = (key: string, limit: number, otherwise?: number): number => {
    const value = json[key] ?? otherwise;
    if (typeof value === "number" && Number.isInteger(value) && value > 0 && value <= limit) return value;
    throw badConfig(key, value, `a whole number from 1 to ${limit}`);
  };
  const hiddenSize = size("hidden_size", most.width);
  const heads = size("num_attention_heads", most.heads);
  const keyValueHeads = size("num_key_value_heads", most.heads, heads);
  if (heads % keyValueHeads !== 0)
    throw badConfig("num_key_value_heads", keyValueHeads, `a divisor of ${heads}`);
  const headSize = size("head_dim", most.width, hiddenSize / heads);
  // What onnxruntime's attention over a cache takes.
  if (headSize % 16 !== 0) throw badConfig("head_dim", headSize, "a multiple of 16");
  return {
    vocabularySize: size("vocab_size", most.vocabulary),
    hiddenSize,
    intermediateSize: size("intermediate_size", most.width),
    layers: size("num_hidden_layers", most.layers),
    heads,
    keyValueHeads,
    headSize,
    maxPositions: size("max_position_embeddings", most.positions),
  };
}
