import type { BatchShape } from "../models/index.ts";
import { inputLength, scoredCount, type EncodedExample } from "./encode.ts";
import { planBatches } from "./pack.ts";

/** A token in a row of this length costs twice what it costs in a short one, for attention: 2.4 ms at 64, 3.6 at 512. */
const doublingLength = 900;
/** Enough examples to choose a shape by. */
const sampleSize = 2000;

/**
 * The shape of all batches: about `batch * sequenceLength` tokens, in rows just as long as is cheapest. Short rows cost
 * less attention; long ones are filled better, and more sequences share a beginning in them.
 *
 * There is room for what a full batch scores on average and a quarter more, at least for the longest
 * completion; the output layer's memory grows with it (thrice 4 bytes for each token of the vocabulary).
 */
export function shapeFor(examples: EncodedExample[], batch: number, sequenceLength: number): BatchShape {
  const sample = examples.filter((_, index) => index % Math.ceil(examples.length / sampleSize) === 0);
  const longest = largest(examples, inputLength);
  const longestCompletion = largest(examples, scoredCount);
  const targets = sample.reduce((sum, example) => sum + scoredCount(example), 0);

  const shapeOf = (length: number): BatchShape => {
    const rows = Math.floor((batch * sequenceLength) / length);
    const cells = rows * length;
    const all = { batch: rows, length, scored: cells };
    const used = planBatches(sample, all, [0]).reduce((sum, plan) => sum + plan.length, 0);
    const usual = Math.ceil((1.25 * targets * rows) / Math.max(used, 1) / 32) * 32;
    return { ...all, scored: Math.min(cells, Math.max(usual, longestCompletion)) };
  };
  const costOf = (shape: BatchShape): number =>
    planBatches(sample, shape, [0]).length * shape.batch * shape.length * (1 + shape.length / doublingLength);

  let best: { shape: BatchShape; cost: number } | undefined;
  for (const length of candidates(longest, batch, sequenceLength)) {
    const shape = shapeOf(length);
    const cost = costOf(shape);
    if (!best || cost < best.cost) best = { shape, cost };
  }
  return best!.shape;
}

/** Of the tokens that a batch may have, the share that it has at least. */
const leastUsed = 0.8;

/** The longest row allowed, and multiples of 32 that hold the longest sequence and divide a batch well. */
function candidates(longest: number, batch: number, sequenceLength: number): number[] {
  const cells = batch * sequenceLength;
  const lengths = [sequenceLength];
  for (let length = Math.ceil(longest / 32) * 32; length < sequenceLength; length += 32) {
    if (length * Math.floor(cells / length) >= leastUsed * cells) lengths.push(length);
  }
  return lengths;
}

const largest = (examples: EncodedExample[], measure: (example: EncodedExample) => number): number =>
  examples.reduce((most, example) => Math.max(most, measure(example)), 0);
