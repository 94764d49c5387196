import type { LinearModule } from "../tuning/lora-layout.ts";
import type { DecoderSizes } from "./sizes.ts";

/**
 * The places of linear layers in a block. Those on the same input stand side by side: generation multiplies a group at
 * once, because its few rows make each product's overhead count. Training has many rows, where joining and cutting costs
 * more.
 */
export const linearGroups = ["attentionIn", "attentionOut", "feedForwardIn", "feedForwardOut"] as const;

export type LinearGroup = (typeof linearGroups)[number];

/** A linear layer of a block. */
export interface LinearLayer {
  /** Within the block, as the checkpoint and PEFT have it: `self_attn.q_proj`. */
  name: string;
  outputs: number;
  inputs: number;
  bias: boolean;
}

/** The layers of each group in their order. */
export type LinearLayers = Readonly<Record<LinearGroup, readonly LinearLayer[]>>;

/** Which layers add a bias. */
export interface BiasedPlaces {
  queryKeyValue?: boolean;
  attentionOut?: boolean;
  feedForward?: boolean;
}

/** Of a decoder's configuration, what its linear layers are known by. */
interface Layered {
  layers: number;
  linear: LinearLayers;
}

/** Queries, keys, values, gate and up each with a matrix of their own, as most checkpoints have them. */
export function separateLayers(sizes: DecoderSizes, biased: BiasedPlaces = {}): LinearLayers {
  const { hiddenSize, intermediateSize, heads, keyValueHeads, headSize } = sizes;
  const { queryKeyValue = false, attentionOut = false, feedForward = false } = biased;
  return {
    attentionIn: [
      layer("self_attn.q_proj", heads * headSize, hiddenSize, queryKeyValue),
      layer("self_attn.k_proj", keyValueHeads * headSize, hiddenSize, queryKeyValue),
      layer("self_attn.v_proj", keyValueHeads * headSize, hiddenSize, queryKeyValue),
    ],
    attentionOut: [layer("self_attn.o_proj", hiddenSize, heads * headSize, attentionOut)],
    feedForwardIn: [
      layer("mlp.gate_proj", intermediateSize, hiddenSize, feedForward),
      layer("mlp.up_proj", intermediateSize, hiddenSize, feedForward),
    ],
    feedForwardOut: [layer("mlp.down_proj", hiddenSize, intermediateSize, feedForward)],
  };
}

/** Queries, keys and values in one matrix, gate and up in another. */
export function fusedLayers(sizes: DecoderSizes): LinearLayers {
  const { hiddenSize, intermediateSize, heads, keyValueHeads, headSize } = sizes;
  return {
    attentionIn: [layer("self_attn.qkv_proj", (heads + 2 * keyValueHeads) * headSize, hiddenSize)],
    attentionOut: [layer("self_attn.o_proj", hiddenSize, heads * headSize)],
    feedForwardIn: [layer("mlp.gate_up_proj", 2 * intermediateSize, hiddenSize)],
    feedForwardOut: [layer("mlp.down_proj", hiddenSize, intermediateSize)],
  };
}

function layer(name: string, outputs: number, inputs: number, bias = false): LinearLayer {
  return { name, outputs, inputs, bias };
}

/** All layers of a block in its order. */
export function layersOf({ linear }: Layered): LinearLayer[] {
  return linearGroups.flatMap((group) => linear[group]);
}

/** [outputs, inputs] of a whole group. */
export function groupShape({ linear }: Layered, group: LinearGroup): [number, number] {
  const layers = linear[group];
  return [layers.reduce((total, { outputs }) => total + outputs, 0), layers[0]!.inputs];
}

/** The linear layers of the model in its order. */
export function decoderModules(config: Layered): LinearModule[] {
  return Array.from({ length: config.layers }, (_, layer) =>
    layersOf(config).map(({ name, outputs, inputs }) => ({
      path: `model.layers.${layer}.${name}`,
      outputs,
      inputs,
    })),
  ).flat();
}
