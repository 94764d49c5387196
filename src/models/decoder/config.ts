import type { NormName } from "./block.ts";
import type { LinearLayers } from "./linear-layers.ts";
import type { Rotary } from "./rotary.ts";
import type { DecoderSizes } from "./sizes.ts";

/** How the tokens of one layer see one another. */
export interface LayerAttention {
  /** Tokens that one sees, itself the last; absent: all before it. */
  window?: number | undefined;
  /** Absent: the layer knows no positions (https://arxiv.org/abs/2305.19466). */
  rotary?: Rotary | undefined;
}

/** All that the graphs of a decoder are built from, besides its weights. */
export interface DecoderConfig extends DecoderSizes {
  /** Its row in models/architectures.ts. */
  modelType: string;
  epsilon: number;
  linear: LinearLayers;
  /** Of each layer. Layers that turn alike hold the same `rotary`. */
  attention: readonly LayerAttention[];
  /** Factor on the scores of attention. */
  attentionScale: number;
  /** Each head's queries and keys pass a norm (https://arxiv.org/abs/2010.04245). */
  queryKeyNorm: boolean;
  /** What opens the gate of the feed-forward layer (https://arxiv.org/abs/2002.05202). */
  activation: "silu" | "geluTanh";
  /** Factor on the embedding of tokens where they enter. */
  embeddingScale: number;
  /** Norms of a block by the checkpoint's names. */
  norms: Readonly<Partial<Record<NormName, string>>>;
  /** Norms are kept as their difference from this. */
  normShift: number;
  /** The output layer is the embedding. */
  tiedEmbedding: boolean;
}
