import { concat, matmul, multiply, slice, split, type Tensor } from "../../engine/index.ts";
import { layoutAdapter, loraScale, type LoraConfig } from "./lora-layout.ts";
import { withBias, type Tunable, type Tuning } from "./tuning.ts";

/** Low-rank adapters on frozen layers. */
export function lora(config: LoraConfig): Tuning {
  return {
    layout: ({ modules }) => layoutAdapter(modules, config),
    connect: (model, tensors) => {
      const { change, dropoutWidth } = lowRank(model, config, tensors);
      return {
        dropoutWidth,
        wrap: (frozen) => (x, layer, name) =>
          withBias(frozen, frozen.product(x, layer, name, change(x, layer, name)), layer, name),
      };
    },
  };
}

/** What the adapter adds to a layer's product; undefined where it does not sit on it. */
type Change = (x: Tensor, layer: number, module: string) => Tensor | undefined;

export function lowRank(
  model: Tunable,
  config: LoraConfig,
  tensors: ReadonlyMap<string, Tensor>,
): { change: Change; dropoutWidth: number } {
  const { groups, pathOf } = model;
  const noise = model.training && config.dropout > 0 ? dropoutNoise(model) : undefined;
  const matrix = (kind: "A" | "B", layer: number, module: string) =>
    tensors.get(`base_model.model.${pathOf(layer, module)}.lora_${kind}.weight`);
  const reduce = (x: Tensor, a: Tensor) => matmul(x, a, { transposeB: true, alpha: loraScale(config) });
  // Modules that read the same input multiply it by their A in one go, which reads it once, there and in the gradient.
  const reduced = new Map<string, Tensor>();
  const reduceTogether = (x: Tensor, layer: number, module: string): Tensor => {
    const key = (name: string) => `${x.id} ${layer}.${name}`;
    if (!reduced.has(key(module))) {
      const tuned = groups
        .find((names) => names.includes(module))!
        .filter((name) => matrix("A", layer, name));
      const stacked = concat(
        tuned.map((name) => matrix("A", layer, name)!),
        0,
      );
      const pieces = split(
        reduce(x, stacked),
        1,
        tuned.map(() => config.rank),
      );
      for (const [i, name] of tuned.entries()) reduced.set(key(name), pieces[i]!);
    }
    return reduced.get(key(module))!;
  };
  const change: Change = (x, layer, module) => {
    const [a, b] = [matrix("A", layer, module), matrix("B", layer, module)];
    if (!a || !b) return undefined;
    const low = noise ? reduce(multiply(x, noise(x, layer, module)), a) : reduceTogether(x, layer, module);
    return matmul(low, b, { transposeB: true });
  };
  return { change, dropoutWidth: noise ? noiseWidth(model) : 0 };
}

/**
 * Dropout draws one array a step and gives each module another window of its columns: cheaper than an array per
 * module, and still another mask for each module and step.
 */
function dropoutNoise(model: Tunable) {
  const width = noiseWidth(model);
  const names = model.groups.flat();
  const noise = model.graph.input("dropout", "float32", [model.rows, width]);
  return (x: Tensor, layer: number, module: string): Tensor => {
    const inputs = x.shape[1] as number;
    const place = layer * names.length + names.indexOf(module);
    const start = (place * windowStep) % (width - inputs + 1);
    return slice(noise, 1, start, start + inputs);
  };
}

/** A prime, so that windows of different modules do not line up. */
const windowStep = 101;

/** Twice the widest input. */
function noiseWidth({ modules }: Tunable): number {
  return 2 * modules.reduce((most, { inputs }) => Math.max(most, inputs), 0);
}
