import {
  add,
  attention,
  gather,
  gelu,
  layerNorm,
  matmul,
  matmulAdd,
  mergeHeads,
  packedMask,
  reshape,
  splitHeads,
  subtract,
  transpose,
  type Graph,
  type Tensor,
} from "../../engine/index.ts";
import type { Backbone } from "../backbone.ts";
import { weight, type CompiledWeights } from "../compiled.ts";
import { tuneModel, type FrozenLinear, type Tunable } from "../tuning/tuning.ts";
import type { EncoderConfig } from "./config.ts";
import { encoderModules, linearNames } from "./linear-layers.ts";

/** An encoder in packed batches, in float32: the graph that serves takes one text a run, and has no gradient in int8. */
export function encoderBackbone(config: EncoderConfig, weights: CompiledWeights): Backbone {
  const { epsilon, heads, layers } = config;
  return {
    hiddenSize: config.hiddenSize,
    inputs: ["ids", "positions", "starts", "ends"],
    build: (graph, { batch, length }, { tuning, training, head }) => {
      const rows = batch * length;
      const input = (name: string) => graph.input(name, "int64", [batch, length]);
      const [ids, positions, starts, ends] = ["ids", "positions", "starts", "ends"].map(input) as [
        Tensor,
        Tensor,
        Tensor,
        Tensor,
      ];
      const model = tuneModel(
        { graph, ...encoderParts(config), training, rows },
        { weightOf: (name) => weight(graph, weights, name), linear: () => frozenLinear(graph, weights) },
        tuning,
        head,
      );
      const { weightOf, linear } = model;
      const norm = (x: Tensor, name: string): Tensor =>
        layerNorm(x, weightOf(`${name}.weight`), weightOf(`${name}.bias`), epsilon);
      const flat = (x: Tensor): Tensor => reshape(x, [rows]);
      const packed = packedMask(starts, ends);
      const mask =
        config.distanceBuckets === undefined
          ? packed
          : add(distanceBias(config, positions, weightOf("distances")), packed);

      const embedded = add(
        gather(weightOf("embedding"), flat(ids)),
        gather(weightOf("positions"), flat(positions)),
      );
      let x = norm(embedded, "embeddingNorm");
      for (let layer = 0; layer < layers; layer++) {
        const name = `layers.${layer}`;
        const [q, k, v] = (["query", "key", "value"] as const).map((part) =>
          splitHeads(linear(x, layer, part), batch, length, heads),
        ) as [Tensor, Tensor, Tensor];
        const mixed = mergeHeads(attention(q, k, v, mask), rows);
        const attended = norm(add(linear(mixed, layer, "attentionOut"), x), `${name}.attentionNorm`);
        const wide = gelu(linear(attended, layer, "feedForwardIn"));
        x = norm(add(linear(wide, layer, "feedForwardOut"), attended), `${name}.feedForwardNorm`);
      }
      return { hidden: x, model };
    },
    finish: (_, x) => x,
  };
}

/** What a way of tuning needs to know of an encoder. */
export function encoderParts(
  config: EncoderConfig,
): Pick<Tunable, "modules" | "groups" | "pathOf" | "weights"> {
  const { names } = config;
  return {
    modules: encoderModules(config),
    groups: [["query", "key", "value"], ["attentionOut"], ["feedForwardIn"], ["feedForwardOut"]],
    pathOf: (layer, name) => `${names.layer}.${layer}.${names[name as (typeof linearNames)[number]]}`,
    // Its tables are compiled into others, so that none is trained whole.
    weights: [],
  };
}

function frozenLinear(graph: Graph, weights: CompiledWeights): FrozenLinear {
  const nameOf = (layer: number, part: string) => weight(graph, weights, `layers.${layer}.${part}`);
  return {
    product: (x, layer, part, addend) =>
      addend ? matmulAdd(x, nameOf(layer, part), addend) : matmul(x, nameOf(layer, part)),
    bias: (layer, part) => nameOf(layer, `${part}.bias`),
  };
}

/** What attention adds to each score [batch, heads, length, length]. */
function distanceBias({ maxPositions }: EncoderConfig, positions: Tensor, distances: Tensor): Tensor {
  const [batch, length] = positions.shape as [number, number];
  const keys = reshape(positions, [batch, 1, length]);
  const queries = reshape(positions, [batch, length, 1]);
  const first = positions.graph.constant("int64", maxPositions - 1);
  return transpose(gather(distances, add(subtract(keys, queries), first)), [0, 3, 1, 2]);
}
