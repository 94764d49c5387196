import type { Graph, Tensor } from "../engine/index.ts";
import type { TunedModel, Tuning } from "./tuning/tuning.ts";

/** The fixed rows of a batch, into which sequences are packed. */
export interface PackedShape {
  /** Rows. */
  batch: number;
  /** Tokens in a row; several sequences may share one. */
  length: number;
}

/** A model up to its last layer, for graphs of any loss on it. */
export interface Backbone {
  hiddenSize: number;
  /** The inputs, int64 [batch, length], that say where sequences lie; `starts` where tokens see later ones too. */
  inputs: readonly ("ids" | "positions" | "starts" | "ends")[];
  /** `hidden` [batch * length, hiddenSize], before a decoder's final norm; `head` names what is trained besides the tuning. */
  build: (
    graph: Graph,
    shape: PackedShape,
    options: {
      tuning?: Tuning | undefined;
      training: boolean;
      head?: readonly { name: string; shape: readonly number[] }[];
    },
  ) => { hidden: Tensor; model: TunedModel };
  /** What ends the model: the final norm of a decoder, nothing of an encoder. x [rows, hiddenSize]. */
  finish: (model: TunedModel, x: Tensor) => Tensor;
}
