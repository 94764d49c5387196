import type { EncodedExample } from "./encode.ts";
import type { BatchShape } from "../models/index.ts";
import { retentionText } from "./retention-text.ts";
import { fillAll, meanLoss, type Trainable } from "./train-loop.ts";

/**
 * Loss on general text (nats per token) without and with the adapter: what tuning cost elsewhere. Every token but the
 * first of each paragraph is scored; long paragraphs are cut to fit a batch.
 */
export async function measureRetention(
  model: Trainable,
  adapter: Float32Array,
  shape: BatchShape,
  tokenize: (text: string) => ArrayLike<number>,
): Promise<{ before: number; after: number }> {
  const most = Math.min(shape.length, shape.scored) + 1;
  const paragraphs = retentionText.map((text, index): EncodedExample => ({
    id: `paragraph ${index + 1}`,
    ids: Int32Array.from(Array.from(tokenize(text)).slice(0, most)),
    completionStart: 1,
  }));
  const batches = fillAll(paragraphs, shape);
  // A fresh adapter changes nothing, so it measures the base.
  return {
    before: await meanLoss(model, batches, model.initialAdapter),
    after: await meanLoss(model, batches, adapter),
  };
}
