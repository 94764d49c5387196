import type { EncodedExample } from "./encode.ts";
import type { BatchShape } from "../models/index.ts";
import { retentionText } from "./retention-text.ts";
import { fillAll, meanLoss, type Trainable } from "./train-loop.ts";

/**
 * Loss on general text (nats per token) without and with the adapter: what tuning cost elsewhere. Every token but the
 * first of each paragraph is scored, with all that stands before it; what is longer than a row is cut off.
 */
export async function measureRetention(
  model: Trainable,
  adapter: Float32Array,
  shape: BatchShape,
  tokenize: (text: string) => ArrayLike<number>,
): Promise<{ before: number; after: number }> {
  const pieces = retentionText.flatMap((text, index) => {
    const ids = Int32Array.from(tokenize(text)).subarray(0, shape.length + 1);
    return scoredInPieces(`paragraph ${index + 1}`, ids, shape.scored);
  });
  const batches = fillAll(pieces, shape);
  // A fresh adapter changes nothing, so it measures the base.
  return {
    before: await meanLoss(model, batches, model.initialAdapter),
    after: await meanLoss(model, batches, adapter),
  };
}

/**
 * A batch scores as many tokens as completions need, and these differ between arms. In pieces, each after all that is
 * before it, the same tokens are scored whatever the shape, and the losses of two arms can be compared.
 */
function scoredInPieces(id: string, ids: Int32Array, most: number): EncodedExample[] {
  const pieces: EncodedExample[] = [];
  for (let start = 1; start < ids.length; start += most) {
    pieces.push({ id, ids: ids.subarray(0, start + most), completionStart: start });
  }
  return pieces;
}
