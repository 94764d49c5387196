import type { Graph, Tensor } from "../../engine/index.ts";
import type { LinearModule } from "./lora-layout.ts";
import type { ParameterLayout } from "./parameters.ts";

/** A weight of a model as a value of its graph, by the name that it is compiled under. */
export type WeightOf = (name: string) => Tensor;

/** Multiplies x [rows, inputs] by a linear layer of a block: [rows, outputs]. Arithmetic and tuning hide behind it. */
export type Linear = (x: Tensor, layer: number, name: string) => Tensor;

/** Multiplies by a frozen linear layer, and adds what is given. */
export type FrozenLinear = (x: Tensor, layer: number, name: string, addend?: Tensor) => Tensor;

/** A model's graph, as a way of tuning sees it. */
export interface Tunable {
  graph: Graph;
  /** The linear layers of all blocks in the model's order. */
  modules: readonly LinearModule[];
  /** A block's layers by name, those together that read the same input. */
  groups: readonly (readonly string[])[];
  /** The path of a layer of a block, as PEFT has it. */
  pathOf: (layer: number, name: string) => string;
  /** With what is random in training. */
  training: boolean;
  /** Of the flattened batch. */
  rows: number;
}

/** What of a model is trained. */
export interface Tuned {
  /** Inputs of the graph, float32, which hold the layout's tensors one after another. */
  parameters: readonly Tensor[];
  layout: ParameterLayout;
  /** Columns of the `dropout` input; 0 without it. */
  dropoutWidth: number;
  /** The linear layers with what is trained of them. */
  wrap: (frozen: FrozenLinear) => Linear;
}

/** A way to tune: has a graph train something of its model. */
export type Tuning = (model: Tunable) => Tuned;
