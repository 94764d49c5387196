import type { ModelWeight } from "../tuning/tuning.ts";
import type { DecoderConfig } from "./config.ts";
import { layersOf } from "./linear-layers.ts";

/** All weights of a decoder in the order of its checkpoint. */
export function decoderWeights(config: DecoderConfig): ModelWeight[] {
  const { vocabularySize, hiddenSize, headSize, normShift } = config;
  const matrix = (name: string, stored: string, shape: number[]): ModelWeight => ({
    name,
    stored,
    shape,
    shift: 0,
  });
  const norm = (name: string, part: string, size: number): ModelWeight => ({
    name,
    stored: `${part}.weight`,
    shape: [size],
    shift: normShift,
  });
  const table = [vocabularySize, hiddenSize];
  const weights = [matrix("embedding", "model.embed_tokens.weight", table)];
  for (let layer = 0; layer < config.layers; layer++) {
    const [name, stored] = [`layers.${layer}`, `model.layers.${layer}`];
    for (const [place, part] of Object.entries(config.norms))
      weights.push(norm(`${name}.${place}`, `${stored}.${part}`, hiddenSize));
    if (config.queryKeyNorm) {
      weights.push(norm(`${name}.queryNorm`, `${stored}.self_attn.q_norm`, headSize));
      weights.push(norm(`${name}.keyNorm`, `${stored}.self_attn.k_norm`, headSize));
    }
    for (const { name: module, outputs, inputs, bias } of layersOf(config)) {
      weights.push(matrix(`${name}.${module}`, `${stored}.${module}.weight`, [outputs, inputs]));
      if (bias) weights.push(matrix(`${name}.${module}.bias`, `${stored}.${module}.bias`, [outputs]));
    }
  }
  weights.push(norm("norm", "model.norm", hiddenSize));
  if (!config.tiedEmbedding) weights.push(matrix("output", "lm_head.weight", table));
  return weights;
}
