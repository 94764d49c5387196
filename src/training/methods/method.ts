import type { OpenModel, ParameterLayout, Tuning } from "../../models/index.ts";
import type { ParameterGroup } from "../trainable.ts";

/** A way to train a model: what of it, from where, how fast, and as what it is kept. */
export interface Method {
  tuning: Tuning;
  /** Parameters that change nothing yet. `random` gives numbers from 0 to 1 (1 not included). */
  initialize: (layout: ParameterLayout, random: () => number) => Float32Array<ArrayBuffer>;
  groups: (layout: ParameterLayout) => ParameterGroup[];
  /** Probability of dropout. */
  dropout: number;
  /** Writes what was trained into `folder`, whole or not at all. */
  save: (
    folder: string,
    model: OpenModel,
    layout: ParameterLayout,
    parameters: Float32Array<ArrayBuffer>,
  ) => Promise<void>;
}
