import type { Batch } from "./batches.ts";
import type { Trainable } from "./trainable.ts";

/** Nats per scored token, text or pair. */
export async function meanLoss<Kind extends Batch>(
  model: Trainable<Kind>,
  batches: Kind[],
  parameters: Float32Array,
): Promise<number> {
  let loss = 0;
  let count = 0;
  for (const batch of batches) {
    loss += await model.loss(batch, parameters);
    count += batch.count;
  }
  return loss / count;
}
