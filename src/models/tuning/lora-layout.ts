import { LoragError } from "../../contracts/index.ts";
import type { ParameterLayout, ParameterTensor } from "./parameters.ts";

/** Low-rank adaptation (https://arxiv.org/abs/2106.09685): y = W x + scale * B A dropout(x). */
export interface LoraConfig extends LoraScaling {
  /** Probability that an element of A's input is zeroed in training; 0 for none. */
  dropout: number;
  /** Module names as PEFT has them (`q_proj`), or every linear layer but the output layer. */
  targets: readonly string[] | "all-linear";
  /** Numbers of the layers that are tuned, from 0; absent: all. */
  layers?: readonly number[] | undefined;
}

/** What the change is multiplied by hangs on. */
export interface LoraScaling {
  rank: number;
  alpha: number;
  /** Divided by the rank's root, which lets a high rank learn more (https://arxiv.org/abs/2312.03732). */
  rankStabilized?: boolean | undefined;
}

export function loraScale({ rank, alpha, rankStabilized = false }: LoraScaling): number {
  return rankStabilized ? alpha / Math.sqrt(rank) : alpha / rank;
}

/** One tensor of an adapter, named as in PEFT's adapter_model.safetensors: `base_model.model.<module>.lora_A.weight`. */
export interface AdapterTensor extends ParameterTensor {
  /** A is [rank, inputs], B is [outputs, rank]. */
  shape: readonly [number, number];
}

export type AdapterLayout = ParameterLayout<AdapterTensor>;

/** A linear layer that an adapter may sit on. */
export interface LinearModule {
  /** Full path without `.weight`: `model.layers.0.self_attn.q_proj`. */
  path: string;
  outputs: number;
  inputs: number;
}

/**
 * Lays an adapter out: module by module in the model's order, A before B.
 * Throws LORAG_LORA_TARGET for a target or layer that the model does not have.
 */
export function layoutAdapter(modules: readonly LinearModule[], lora: LoraConfig): AdapterLayout {
  const tensors: AdapterTensor[] = [];
  let size = 0;
  for (const { path, inputs, outputs } of targetModules(modules, lora)) {
    for (const kind of ["A", "B"] as const) {
      const shape = kind === "A" ? ([lora.rank, inputs] as const) : ([outputs, lora.rank] as const);
      tensors.push({ name: `base_model.model.${path}.lora_${kind}.weight`, shape, offset: size });
      size += shape[0] * shape[1];
    }
  }
  return { size, tensors };
}

/** The modules that the targets name, in the model's order. */
export function targetModules(
  modules: readonly LinearModule[],
  { targets, layers }: Pick<LoraConfig, "targets" | "layers">,
): LinearModule[] {
  const chosen = layers ? inLayers(modules, layers) : [...modules];
  if (targets === "all-linear") return chosen;
  const matches = (module: LinearModule, target: string) =>
    module.path === target || module.path.endsWith(`.${target}`);
  for (const target of targets) {
    if (modules.some((module) => matches(module, target))) continue;
    const known = [...new Set(modules.map(({ path }) => path.split(".").at(-1)))];
    throw new LoragError({
      code: "LORAG_LORA_TARGET",
      kind: "config",
      message: `lora_target_modules names ${JSON.stringify(target)}, which the model does not have`,
      next: `Use "all-linear" or some of: ${known.join(", ")}.`,
    });
  }
  return chosen.filter((module) => targets.some((target) => matches(module, target)));
}

function inLayers(modules: readonly LinearModule[], layers: readonly number[]): LinearModule[] {
  const count = 1 + Math.max(...modules.map(({ path }) => layerOf(path)));
  const beyond = layers.find((layer) => layer >= count);
  if (beyond === undefined) return modules.filter(({ path }) => layers.includes(layerOf(path)));
  throw new LoragError({
    code: "LORAG_LORA_TARGET",
    kind: "config",
    message: `peft_layers_to_transform names layer ${beyond}, and the model has ${count}, counted from 0`,
    next: `Name layers from 0 to ${count - 1}.`,
  });
}

/** The number of a module's layer; -1 outside of all. */
export function layerOf(path: string): number {
  return Number(/\.layers?\.(\d+)\./.exec(path)?.[1] ?? -1);
}

/**
 * A fresh adapter as PEFT makes it: A uniform within ±1/sqrt(inputs) (Kaiming with a = sqrt 5), B zero, so that the
 * model is unchanged at first. `random` gives numbers from 0 to 1 (1 not included).
 */
export function initializeAdapter(layout: ParameterLayout, random: () => number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(layout.size);
  for (const { name, shape, offset } of layout.tensors) {
    if (!name.endsWith(".lora_A.weight")) continue;
    const [rank, inputs] = shape as [number, number];
    const bound = 1 / Math.sqrt(inputs);
    for (let i = 0; i < rank * inputs; i++) values[offset + i] = (2 * random() - 1) * bound;
  }
  return values;
}
