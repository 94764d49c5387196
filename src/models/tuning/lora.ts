import {
  concat,
  matmul,
  multiply,
  reshape,
  slice,
  split,
  type Graph,
  type Tensor,
} from "../../engine/index.ts";
import type { DecoderConfig } from "../decoder/config.ts";
import type { Linear } from "../decoder/forward.ts";
import { decoderModules, layersOf, linearGroups } from "../decoder/linear-layers.ts";
import { layoutAdapter, loraScale, type AdapterLayout, type LoraConfig } from "./lora-layout.ts";

/** Multiplies by a frozen linear layer, and adds what is given. */
export type FrozenLinear = (x: Tensor, layer: number, name: string, addend?: Tensor) => Tensor;

/** A model's linear layers with what of them is trained, as one flat input of the graph. */
export interface Tuned {
  linear: Linear;
  /** `parameters` float32 [layout.size]. */
  parameters: Tensor;
  layout: AdapterLayout;
  /** Columns of the `dropout` input; 0 without it. */
  dropoutWidth: number;
}

/** Low-rank adapters on a decoder's frozen layers. `training`: with dropout; `rows` of the flattened batch. */
export function withLora(
  graph: Graph,
  config: DecoderConfig,
  frozen: FrozenLinear,
  lora: LoraConfig,
  training: boolean,
  rows: number,
): Tuned {
  const layout = layoutAdapter(decoderModules(config), lora);
  const parameters = graph.input("parameters", "float32", [layout.size]);
  const matrices = cutMatrices(parameters, layout);
  const noise = training && lora.dropout > 0 ? dropoutNoise(graph, config, rows) : undefined;
  const matrix = (kind: "A" | "B", layer: number, module: string) =>
    matrices.get(`base_model.model.model.layers.${layer}.${module}.lora_${kind}.weight`);
  const reduce = (x: Tensor, a: Tensor) => matmul(x, a, { transposeB: true, alpha: loraScale(lora) });
  // Modules that read the same input multiply it by their A in one go, which reads it once, there and in the gradient.
  const reduced = new Map<string, Tensor>();
  const reduceTogether = (x: Tensor, layer: number, module: string): Tensor => {
    const key = (name: string) => `${x.id} ${layer}.${name}`;
    if (!reduced.has(key(module))) {
      const tuned = linearGroups
        .map((group) => config.linear[group].map(({ name }) => name))
        .find((names) => names.includes(module))!
        .filter((name) => matrix("A", layer, name));
      const stacked = concat(
        tuned.map((name) => matrix("A", layer, name)!),
        0,
      );
      const pieces = split(
        reduce(x, stacked),
        1,
        tuned.map(() => lora.rank),
      );
      for (const [i, name] of tuned.entries()) reduced.set(key(name), pieces[i]!);
    }
    return reduced.get(key(module))!;
  };
  const linear: Linear = (x, layer, module) => {
    const [a, b] = [matrix("A", layer, module), matrix("B", layer, module)];
    if (!a || !b) return frozen(x, layer, module);
    const low = noise ? reduce(multiply(x, noise(x, layer, module)), a) : reduceTogether(x, layer, module);
    return frozen(x, layer, module, matmul(low, b, { transposeB: true }));
  };
  return { linear, parameters, layout, dropoutWidth: noise ? noiseWidth(config) : 0 };
}

/** The adapter's matrices by name, cut from the flat input. */
function cutMatrices(parameters: Tensor, layout: AdapterLayout): Map<string, Tensor> {
  const sizes = layout.tensors.map(({ shape }) => shape[0] * shape[1]);
  const pieces = split(parameters, 0, sizes);
  return new Map(layout.tensors.map(({ name, shape }, i) => [name, reshape(pieces[i]!, shape)]));
}

/**
 * Dropout draws one array a step and gives each module another window of its columns: cheaper than an array per
 * module, and still another mask for each module and step.
 */
function dropoutNoise(graph: Graph, config: DecoderConfig, rows: number) {
  const width = noiseWidth(config);
  const names = layersOf(config).map(({ name }) => name);
  const noise = graph.input("dropout", "float32", [rows, width]);
  return (x: Tensor, layer: number, module: string): Tensor => {
    const inputs = x.shape[1] as number;
    const place = layer * names.length + names.indexOf(module);
    const start = (place * windowStep) % (width - inputs + 1);
    return slice(noise, 1, start, start + inputs);
  };
}

/** A prime, so that windows of different modules do not line up. */
const windowStep = 101;

function noiseWidth({ hiddenSize, intermediateSize }: DecoderConfig): number {
  return 2 * Math.max(hiddenSize, intermediateSize);
}
