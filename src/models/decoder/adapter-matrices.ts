import { LoragError } from "../../contracts/index.ts";
import { fitAdapter, type Adapter } from "../adapter.ts";
import { loraScale } from "../tuning/lora-layout.ts";
import type { DecoderConfig } from "./config.ts";
import { decoderModules, groupShape, linearGroups, type LinearGroup } from "./linear-layers.ts";

/**
 * How the decode graph applies adapters to a linear group. Its outputs come in blocks of equal width, each of one
 * module: queries, which are a multiple of the keys, in several. So one batch of products serves the whole group, and
 * no zeros stand between the modules' matrices, which would be read at every step.
 */
export interface AdapterShape {
  inputs: number;
  /** Of one block. */
  outputs: number;
  modules: number;
  /** For each block its module's place in the group. */
  blocks: readonly number[];
}

function adapterShape(config: DecoderConfig, group: LinearGroup): AdapterShape {
  const widths = config.linear[group].map(({ outputs }) => outputs);
  const outputs = widths.reduce(greatestDivisor);
  const blocks = widths.flatMap((width, module) => new Array<number>(width / outputs).fill(module));
  return { inputs: groupShape(config, group)[1], outputs, modules: widths.length, blocks };
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

/** A linear group of one layer, by the name under which `buildDecodeGraph` takes its adapters. */
export interface AdapterGroup extends AdapterShape {
  name: string;
  layer: number;
  group: LinearGroup;
}

/** In the order of the model. */
export function adapterGroups(config: DecoderConfig): AdapterGroup[] {
  const groups = linearGroups.map((group) => ({
    group,
    ...adapterShape(config, group),
  }));
  return Array.from({ length: config.layers }, (_, layer) =>
    groups.map((shape) => ({ name: `${layer}.${shape.group}`, layer, ...shape })),
  ).flat();
}

/** The numbers of blocks that groups come in: for each the decode graph has an input `home.<blocks>`. */
export function blockCounts(groups: readonly AdapterShape[]): number[] {
  return [...new Set(groups.map(({ blocks }) => blocks.length))];
}

/**
 * An adapter's change to one linear group: a [inputs, modules, rank], scaled, and
 * b [blocks, rank, outputs], row-major; zeros for a module that the adapter does not touch.
 */
export interface AdapterMatrices {
  rank: number;
  a: Float32Array;
  b: Float32Array;
}

/**
 * An adapter as the decode graph takes it, by group name; groups that it does not touch are absent.
 * Throws LORAG_ADAPTER_MISMATCH.
 */
export function adapterMatrices(config: DecoderConfig, adapter: Adapter): Map<string, AdapterMatrices> {
  const { rank, tensors } = adapter;
  if (adapter.dora) throw decomposed();
  const scale = loraScale(adapter);
  fitAdapter(decoderModules(config), adapter);

  const result = new Map<string, AdapterMatrices>();
  for (const { name, layer, group, inputs, outputs, modules, blocks } of adapterGroups(config)) {
    const stored = config.linear[group].map(({ name: module }) => {
      const tensor = (kind: "A" | "B") =>
        tensors.get(`base_model.model.model.layers.${layer}.${module}.lora_${kind}.weight`)?.data;
      return { down: tensor("A"), up: tensor("B") };
    });
    if (!stored.some(({ down }) => down)) continue;
    const a = new Float32Array(inputs * modules * rank);
    const b = new Float32Array(blocks.length * rank * outputs);
    stored.forEach(({ down, up }, module) => {
      if (!down || !up) return;
      const first = blocks.indexOf(module);
      const rows = blocks.filter((of) => of === module).length * outputs;
      for (let r = 0; r < rank; r++) {
        for (let i = 0; i < inputs; i++) {
          a[(i * modules + module) * rank + r] = down[r * inputs + i]! * scale;
        }
        for (let o = 0; o < rows; o++) {
          const block = first + Math.floor(o / outputs);
          b[(block * rank + r) * outputs + (o % outputs)] = up[o * rank + r]!;
        }
      }
    });
    result.set(name, { rank, a, b });
  }
  return result;
}

function decomposed(): LoragError {
  return new LoragError({
    code: "LORAG_ADAPTER_UNSUPPORTED",
    kind: "data",
    message: "The adapter uses DoRA, which does not run beside others in one batch",
    next: "Train it with `method: lora`.",
  });
}
