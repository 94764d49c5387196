import type { LinearLayers } from "./linear-layers.ts";
import type { DecoderSizes } from "./sizes.ts";

/** All that the graphs of a decoder are built from, besides its weights. */
export interface DecoderConfig extends DecoderSizes {
  /** Its row in models/architectures.ts. */
  modelType: string;
  epsilon: number;
  ropeTheta: number;
  /** The output layer is the embedding. */
  tiedEmbedding: boolean;
  linear: LinearLayers;
}
