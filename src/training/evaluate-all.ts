import type { Batch } from "./batches.ts";
import type { Trainable } from "./trainable.ts";

/** Nats per scored token, text or pair, and what else is known of them. */
export interface MeanEvaluation {
  loss: number;
  /** Share that was right. */
  accuracy?: number;
  margin?: number;
}

/** The mean over all that the batches count. */
export async function evaluateAll<Kind extends Batch>(
  model: Trainable<Kind>,
  batches: Kind[],
  parameters: Float32Array,
): Promise<MeanEvaluation> {
  const total = { loss: 0, right: 0, margin: 0 };
  let count = 0;
  let has = { right: false, margin: false };
  for (const batch of batches) {
    const { loss, right, margin } = await model.evaluate(batch, parameters);
    total.loss += loss;
    total.right += right ?? 0;
    total.margin += margin ?? 0;
    count += batch.count;
    has = { right: right !== undefined, margin: margin !== undefined };
  }
  return {
    loss: total.loss / count,
    ...(has.right && { accuracy: total.right / count }),
    ...(has.margin && { margin: total.margin / count }),
  };
}
