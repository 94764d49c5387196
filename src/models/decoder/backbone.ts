import { int8Linear, matmul, matmulAdd, type Graph, type Tensor } from "../../engine/index.ts";
import type { Backbone } from "../backbone.ts";
import { int8Weight, weight, type CompiledWeights } from "../compiled.ts";
import type { Arithmetic } from "../quantization.ts";
import { tuneModel, type FrozenLinear, type Tunable, type WeightOf } from "../tuning/tuning.ts";
import type { DecoderConfig } from "./config.ts";
import { finalNorm, forwardBlocks } from "./forward.ts";
import { decoderModules, linearGroups } from "./linear-layers.ts";
import { decoderWeights } from "./model-weights.ts";

/** A decoder in packed batches. */
export function decoderBackbone(
  config: DecoderConfig,
  weights: CompiledWeights,
  arithmetic: Arithmetic,
): Backbone {
  return {
    hiddenSize: config.hiddenSize,
    inputs: ["ids", "positions", "ends"],
    build: (graph, { batch, length }, { tuning, training, head }) => {
      const input = (name: string) => graph.input(name, "int64", [batch, length]);
      const inputs = { ids: input("ids"), positions: input("positions"), ends: input("ends") };
      const model = tuneModel(
        { graph, ...decoderParts(config), training, rows: batch * length },
        {
          weightOf: (name) => weight(graph, weights, name),
          linear: (weightOf) => frozenLinear(graph, weights, arithmetic, weightOf),
        },
        tuning,
        head,
      );
      return { hidden: forwardBlocks(config, model.weightOf, model.linear, inputs), model };
    },
    finish: ({ weightOf }, x) => finalNorm(config, weightOf, x),
  };
}

/** What a way of tuning needs to know of a decoder. */
export function decoderParts(
  config: DecoderConfig,
): Pick<Tunable, "modules" | "groups" | "pathOf" | "weights"> {
  return {
    modules: decoderModules(config),
    groups: linearGroups.map((group) => config.linear[group].map(({ name }) => name)),
    pathOf: (layer, name) => `model.layers.${layer}.${name}`,
    weights: decoderWeights(config),
  };
}

function frozenLinear(
  graph: Graph,
  weights: CompiledWeights,
  arithmetic: Arithmetic,
  weightOf: WeightOf,
): FrozenLinear {
  const nameOf = (layer: number, module: string) => `layers.${layer}.${module}`;
  const product = (x: Tensor, layer: number, module: string, addend?: Tensor): Tensor => {
    const name = nameOf(layer, module);
    if (arithmetic === "int8") return int8Linear(x, int8Weight(graph, weights, name), addend);
    return addend
      ? matmulAdd(x, weightOf(name), addend, { transposeB: true })
      : matmul(x, weightOf(name), { transposeB: true });
  };
  return {
    product,
    bias: (layer, module) => {
      const name = `${nameOf(layer, module)}.bias`;
      return weights.has(name) ? weightOf(name) : undefined;
    },
  };
}
