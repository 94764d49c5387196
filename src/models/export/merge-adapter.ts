import type { WeightSource } from "../../formats/index.ts";
import { adapterModules, fitAdapter, type Adapter } from "../adapter.ts";
import { parseModelConfig } from "../architectures.ts";
import type { ConfigJson } from "../decoder/config-json.ts";
import { decoderModules } from "../decoder/linear-layers.ts";
import { encoderModules } from "../encoder/linear-layers.ts";
import { rowLengths } from "../row-lengths.ts";
import { magnitudeName } from "../tuning/dora.ts";
import { loraScale } from "../tuning/lora-layout.ts";

/**
 * The model with an adapter in its weights: W + scale * B A, of DoRA each row brought to its magnitude, in float32. Throws
 * LORAG_ADAPTER_MISMATCH unless every tensor of the adapter has its place in the model.
 */
export function mergeAdapter<Model extends { config: ConfigJson; weights: WeightSource }>(
  model: Model,
  adapter: Adapter,
): Model {
  const config = parseModelConfig(model.config);
  const isEncoder = "names" in config;
  fitAdapter(isEncoder ? encoderModules(config) : decoderModules(config), adapter);
  // Of an encoder within a model around it; PEFT's paths are those of the bare one.
  const around = isEncoder ? `${config.names.prefix}.` : "";
  return { ...model, weights: mergedWeights(model.weights, adapter, around) };
}

function mergedWeights(source: WeightSource, adapter: Adapter, around: string): WeightSource {
  const tuned = new Set(adapterModules(adapter).map((path) => `${path}.weight`));
  return {
    ...source,
    read: (name) => {
      const weights = source.read(name);
      const own = around !== "" && name.startsWith(around) ? name.slice(around.length) : name;
      const path = own.replace(/\.weight$/, "");
      if (tuned.has(own)) addProductInPlace(weights, adapter, path);
      const magnitudes = adapter.tensors.get(magnitudeName(path));
      if (magnitudes) scaleRowsInPlace(weights, magnitudes.data);
      return weights;
    },
  };
}

function scaleRowsInPlace(weights: Float32Array, magnitudes: Float32Array): void {
  const inputs = weights.length / magnitudes.length;
  const lengths = rowLengths(weights, magnitudes.length);
  for (const [output, magnitude] of magnitudes.entries()) {
    const factor = magnitude / lengths[output]!;
    for (let i = 0; i < inputs; i++) weights[output * inputs + i]! *= factor;
  }
}

function addProductInPlace(weights: Float32Array, adapter: Adapter, path: string): void {
  const matrix = (kind: string) => adapter.tensors.get(`base_model.model.${path}.lora_${kind}.weight`)!;
  const [down, up] = [matrix("A"), matrix("B")];
  const { rank } = adapter;
  const scale = loraScale(adapter);
  const inputs = down.shape[1]!;
  const row = new Float64Array(inputs);
  for (let output = 0; output < up.shape[0]!; output++) {
    row.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = up.data[output * rank + r]! * scale;
      for (let i = 0; i < inputs; i++) row[i]! += factor * down.data[r * inputs + i]!;
    }
    for (let i = 0; i < inputs; i++) weights[output * inputs + i]! += row[i]!;
  }
}
