import type { BatchShape } from "../models/index.ts";
import { allBatches } from "./batches.ts";
import type { EncodedExample } from "./objectives/encode.ts";
import { packedBatches, type PackedBatch } from "./objectives/pack.ts";
import { retentionText } from "./retention-text.ts";
import { evaluateAll } from "./evaluate-all.ts";
import type { Trainable } from "./trainable.ts";

/**
 * Of its own, whatever an arm trains in: the same tokens are scored after the same context, and even int8's rounding,
 * which the order of sums changes, is the same for every arm. A row holds the longest paragraph (116 tokens of SmolLM2).
 */
const shapeOf = (maxPositions: number): BatchShape => {
  const length = Math.min(128, maxPositions);
  return { batch: 2, length, scored: 2 * length };
};

/**
 * Loss on general text (nats per token) without and with what was trained: what tuning cost elsewhere. Every token but the
 * first of each paragraph is scored, with all that stands before it; what is longer than a row is cut off.
 */
export async function measureRetention(
  open: (shape: BatchShape) => Promise<Trainable<PackedBatch>>,
  parameters: Float32Array,
  maxPositions: number,
  tokenize: (text: string) => ArrayLike<number>,
): Promise<{ before: number; after: number }> {
  const shape = shapeOf(maxPositions);
  const paragraphs = retentionText.map((text, index): EncodedExample => ({
    id: `paragraph ${index + 1}`,
    ids: Int32Array.from(tokenize(text)).subarray(0, shape.length + 1),
    completionStart: 1,
  }));
  const batches = allBatches(packedBatches(paragraphs, shape));
  const model = await open(shape);
  try {
    // Fresh parameters change nothing, so they measure the base.
    return {
      before: (await evaluateAll(model, batches, model.initialParameters)).loss,
      after: (await evaluateAll(model, batches, parameters)).loss,
    };
  } finally {
    await model.close();
  }
}
