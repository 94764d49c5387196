import { adapterModules, bindAdapter, type Adapter } from "../adapter.ts";
import { layoutAdapter } from "../lora.ts";
import type { LlamaConfig } from "./config.ts";
import { adapterGroups } from "./decode.ts";
import { llamaModules } from "./train.ts";
import { groupShape, linearGroups, linearShape } from "./weights.ts";

/** An adapter's change to one linear group, x · a · b: a [inputs, width] and b [width, outputs], row-major. */
export interface AdapterMatrices {
  inputs: number;
  outputs: number;
  width: number;
  a: Float32Array;
  b: Float32Array;
}

/**
 * An adapter as the decode graph takes it, by group name; groups that it does not touch are absent. The modules of a
 * group share one product: their A side by side, scaled by alpha / rank, their B on the diagonal.
 * Throws LORAG_ADAPTER_MISMATCH.
 */
export function adapterMatrices(config: LlamaConfig, adapter: Adapter): Map<string, AdapterMatrices> {
  const { rank, alpha, dropout, tensors } = adapter;
  const modules = llamaModules(config);
  const paths = new Set(modules.map(({ path }) => path));
  const targets = adapterModules(adapter).filter((path) => paths.has(path));
  bindAdapter(layoutAdapter(modules, { rank, alpha, dropout, targets }), adapter);

  const result = new Map<string, AdapterMatrices>();
  for (const { name, layer, group } of adapterGroups(config)) {
    const [outputs, inputs] = groupShape(config, group);
    const parts = linearGroups[group].map((module) => {
      const tensor = (kind: "A" | "B") =>
        tensors.get(`base_model.model.model.layers.${layer}.${module}.lora_${kind}.weight`)?.data;
      return { rows: linearShape(config, module)[0], a: tensor("A"), b: tensor("B") };
    });
    const width = parts.filter(({ a }) => a).length * rank;
    if (width === 0) continue;
    const a = new Float32Array(inputs * width);
    const b = new Float32Array(width * outputs);
    let [column, output] = [0, 0];
    for (const { rows, a: down, b: up } of parts) {
      if (down && up) {
        for (let r = 0; r < rank; r++) {
          for (let i = 0; i < inputs; i++) a[i * width + column + r] = (down[r * inputs + i]! * alpha) / rank;
          for (let o = 0; o < rows; o++) b[(column + r) * outputs + output + o] = up[o * rank + r]!;
        }
        column += rank;
      }
      output += rows;
    }
    result.set(name, { inputs, outputs, width, a, b });
  }
  return result;
}
