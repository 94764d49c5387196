import { add, type Graph, type Tensor } from "../../engine/index.ts";
import type { LinearModule } from "./lora-layout.ts";
import { cutParameters, extendLayout, type ParameterLayout } from "./parameters.ts";

/** A weight of a model as a value of its graph, by the name that it is compiled under. */
export type WeightOf = (name: string) => Tensor;

/** Multiplies x [rows, inputs] by a linear layer of a block: [rows, outputs]. Arithmetic and tuning hide behind it. */
export type Linear = (x: Tensor, layer: number, name: string) => Tensor;

/** The linear layers of the blocks as they are. */
export interface FrozenLinear {
  /** x times the matrix of a layer, and what is given added to it. */
  product: (x: Tensor, layer: number, name: string, addend?: Tensor) => Tensor;
  bias: (layer: number, name: string) => Tensor | undefined;
}

/** A weight of a model besides what its graph computes with it. */
export interface ModelWeight {
  /** What it is compiled under. */
  name: string;
  /** In the checkpoint. */
  stored: string;
  shape: readonly number[];
  /** The compiled one is larger by so much. */
  shift: number;
}

/** A model's graph, as a way of tuning sees it. */
export interface Tunable {
  graph: Graph;
  /** The linear layers of all blocks in the model's order. */
  modules: readonly LinearModule[];
  /** A block's layers by name, those together that read the same input. */
  groups: readonly (readonly string[])[];
  /** The path of a layer of a block, as PEFT has it. */
  pathOf: (layer: number, name: string) => string;
  /** All weights of the model that may be trained whole. */
  weights: readonly ModelWeight[];
  /** With what is random in training. */
  training: boolean;
  /** Of the flattened batch. */
  rows: number;
}

/** A way to tune: what of a model is trained, and how its graph computes with that. */
export interface Tuning {
  layout: (model: Pick<Tunable, "modules" | "weights">) => ParameterLayout;
  /** `tensors` are those of the layout by name. */
  connect: (model: Tunable, tensors: ReadonlyMap<string, Tensor>) => Tuned;
}

export interface Tuned {
  /** Columns of the `dropout` input; 0 without it. */
  dropoutWidth: number;
  /** The model's weights with those that are trained. */
  replace?: (frozen: WeightOf) => WeightOf;
  /** The linear layers with what is trained of them. */
  wrap?: (frozen: FrozenLinear) => Linear;
}

/** A model's weights and linear layers as its graph uses them, and what of them is trained. */
export interface TunedModel {
  weightOf: WeightOf;
  linear: Linear;
  /** Input of the graph, float32 [layout.size]; absent where nothing is trained. */
  parameters: Tensor | undefined;
  layout: ParameterLayout;
  /** The trained tensors by name. */
  tensors: ReadonlyMap<string, Tensor>;
  dropoutWidth: number;
}

/** `head`: tensors that are trained besides those of the tuning, after them. */
export function tuneModel(
  model: Tunable,
  base: { weightOf: WeightOf; linear: (weightOf: WeightOf) => FrozenLinear },
  tuning: Tuning | undefined,
  head: readonly { name: string; shape: readonly number[] }[] = [],
): TunedModel {
  const layout = extendLayout(tuning?.layout(model), head);
  const parameters = layout.size > 0 ? model.graph.input("parameters", "float32", [layout.size]) : undefined;
  const tensors = parameters ? cutParameters(parameters, layout) : new Map<string, Tensor>();
  const tuned = tuning?.connect(model, tensors);
  const weightOf = tuned?.replace?.(base.weightOf) ?? base.weightOf;
  const frozen = base.linear(weightOf);
  const linear: Linear =
    tuned?.wrap?.(frozen) ??
    ((x, layer, name) => withBias(frozen, frozen.product(x, layer, name), layer, name));
  return { weightOf, linear, parameters, layout, tensors, dropoutWidth: tuned?.dropoutWidth ?? 0 };
}

/** A layer's product with the layer's bias, where it has one. */
export function withBias({ bias }: FrozenLinear, product: Tensor, layer: number, name: string): Tensor {
  const added = bias(layer, name);
  return added ? add(product, added) : product;
}
