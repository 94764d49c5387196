import type { BatchShape } from "../../models/index.ts";
import { inputLength, scoredCount, type EncodedExample } from "./encode.ts";
import { planBatches } from "./pack.ts";

/** A token in a row of this length costs twice what it costs in a short one, for attention: 2.4 ms at 64, 3.6 at 512. */
const doublingLength = 900;
/**
 * Examples in a batch, about, where they are short: the usual size for LoRA. Hundreds of short questions would else make a
 * few large steps of an epoch, which learn next to nothing.
 */
const examplesPerBatch = 16;
/** Enough examples to choose a shape by. */
const sampleSize = 2000;

/**
 * The shape of all batches: about `batch * sequenceLength` tokens at most, and no more than `examplesPerBatch` take, in
 * rows just as long as is cheapest. Short rows cost less attention; long ones are filled better, and more sequences share
 * a beginning in them.
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
    const most = Math.floor((batch * sequenceLength) / length);
    const all = { batch: most, length, scored: most * length };
    const used = planBatches(sample, all, [0]).reduce((sum, plan) => sum + plan.length, 0);
    const wanted = Math.ceil((examplesPerBatch * used) / Math.max(sample.length, 1));
    const rows = Math.max(1, Math.min(most, wanted));
    const usual = Math.ceil((1.25 * targets * rows) / Math.max(used, 1) / 32) * 32;
    return { batch: rows, length, scored: Math.min(rows * length, Math.max(usual, longestCompletion)) };
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

/**
 * The longest row allowed, and multiples of 32 that hold the longest sequence and divide a batch well; of lengths from 1024
 * on fewer, each about a sixteenth longer than the one before, as every one is tried.
 */
function candidates(longest: number, batch: number, sequenceLength: number): number[] {
  const cells = batch * sequenceLength;
  const lengths = [sequenceLength];
  const stepFrom = (length: number): number => Math.max(32, 2 ** Math.floor(Math.log2(length)) / 16);
  for (let length = Math.ceil(longest / 32) * 32; length < sequenceLength; length += stepFrom(length)) {
    if (length * Math.floor(cells / length) >= leastUsed * cells) lengths.push(length);
  }
  return lengths;
}

const largest = (examples: EncodedExample[], measure: (example: EncodedExample) => number): number =>
  examples.reduce((most, example) => Math.max(most, measure(example)), 0);
