import type { Batch } from "./batches.ts";

/** A model and what of it is trained, as the loop sees them. Parameters and gradients are flat arrays of one layout. */
export interface Trainable<Kind extends Batch = Batch> {
  /** Parameters that change nothing yet. */
  initialParameters: Float32Array<ArrayBuffer>;
  /** Stretches of the parameters, one after another, with a factor on the learning rate for each. */
  groups: readonly ParameterGroup[];
  /**
   * Loss of guessing blindly, in nats, and where there is little to guess among, `sureAndWrong`: a model that overfits two
   * labels, or one noisy batch of them, is soon above ln 2, and sound all the same.
   */
  blindLoss: number;
  /**
   * Loss in nats, summed over what the batch counts and times `scale`, and its gradient. `dropout` names the random
   * stream of this batch.
   */
  gradient(
    batch: Kind,
    parameters: Float32Array,
    options: { scale: number; dropout: number[] },
  ): Promise<{ loss: number; gradient: Float32Array }>;
  /** Without dropout, summed over what the batch counts. */
  evaluate(batch: Kind, parameters: Float32Array): Promise<Evaluation>;
  close(): Promise<void>;
}

export interface Evaluation {
  /** In nats. */
  loss: number;
  /** Of what has one right answer: how many were right. */
  right?: number;
  /** Of preferences: how much more the better answers were rewarded, in nats times beta. */
  margin?: number;
}

/** Nats: to find the right answer less likely than one in 20,000. A vocabulary's blind guess is about as much. */
export const sureAndWrong = 10;

export interface ParameterGroup {
  /** In elements. */
  size: number;
  rate: number;
  /** Whether weight decay makes it smaller. */
  decays: boolean;
}
