import type { DecoderConfig } from "../models/index.ts";

/** What of a decoder memory depends on. */
type Sizes = Pick<
  DecoderConfig,
  | "vocabularySize"
  | "hiddenSize"
  | "intermediateSize"
  | "layers"
  | "heads"
  | "keyValueHeads"
  | "headSize"
  | "tiedEmbedding"
>;

export interface MemoryEstimate {
  /** Of the base model. */
  parameters: number;
  /** Bytes, each of a process of its own: weights, what a step or batch holds, and the runtime. */
  answering: number;
  training: number;
  /** Bytes that the compiled weights take on the disk. */
  disk: number;
}

/** Node and onnxruntime with nothing loaded. */
const runtime = 250e6;
/** Keys and values that answers under way may hold. */
const answersUnderWay = { sequences: 32, tokens: 512 };
/** Values of a block that its gradient needs, as so many rows of the hidden and of the inner width. */
const kept = { hidden: 14, inner: 6 };

/**
 * What a decoder takes here, by arithmetic: int8 weights once for answering and twice for training (W and its transpose),
 * f32 embeddings, `tokens` of a batch through every block, and thrice the output layer's row for each `scored` token.
 */
export function estimateMemory(
  sizes: Sizes,
  { tokens, scored, arithmetic }: { tokens: number; scored: number; arithmetic: "int8" | "f32" },
): MemoryEstimate {
  const { vocabularySize, hiddenSize, intermediateSize, layers, heads, keyValueHeads, headSize } = sizes;
  const attention = hiddenSize * headSize * (2 * heads + 2 * keyValueHeads);
  const linear = layers * (attention + 3 * hiddenSize * intermediateSize);
  const table = vocabularySize * hiddenSize;
  const embeddings = 4 * table * (sizes.tiedEmbedding ? 1 : 2);
  const bytes = arithmetic === "int8" ? 1 : 4;
  const cache =
    4 * answersUnderWay.sequences * answersUnderWay.tokens * layers * 2 * keyValueHeads * headSize;
  const rows = 4 * tokens * layers * (kept.hidden * hiddenSize + kept.inner * intermediateSize);
  const outputs = 3 * 4 * scored * vocabularySize;
  const forTraining = linear * bytes * (arithmetic === "int8" ? 2 : 1);
  return {
    parameters: linear + table * (sizes.tiedEmbedding ? 1 : 2),
    answering: runtime + linear * bytes + embeddings + table + cache,
    training: runtime + forTraining + embeddings + rows + outputs,
    disk: forTraining + embeddings + table,
  };
}
