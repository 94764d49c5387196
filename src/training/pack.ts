import { randomStream, shuffle } from "../data/index.ts";
import type { EncodedExample } from "./encode.ts";

/** The fixed shape of every batch, so that one graph serves all of training. */
export interface BatchShape {
  /** Rows. */
  batch: number;
  /** Tokens in a row. */
  length: number;
  /** Most scored positions in a batch. */
  scored: number;
}

/** Which examples share a batch: by row, each a list of indices in order of place. */
export type BatchPlan = number[][];

/** What a training graph is fed. Rows are laid end to end: position `p` of row `r` is `r * length + p`. */
export interface PackedBatch {
  /** Token ids [batch * length]; 0 where nothing is packed. */
  ids: Int32Array;
  /** Place within its own sequence, from 0 [batch * length]. */
  positions: Int32Array;
  /** Sequence within its row, from 1; 0 where nothing is packed [batch * length]. Tokens see their own segment only. */
  segments: Int32Array;
  /** Places in `ids` whose next token is a target [at most shape.scored]. */
  scored: Int32Array;
  /** The target of each scored place. */
  targets: Int32Array;
  /** Ids of the examples inside, for error messages. */
  exampleIds: string[];
  /** Places that hold a token. */
  tokens: number;
}

/** Input tokens of an example: its last token is only ever a target. */
const inputLength = (example: EncodedExample): number => example.ids.length - 1;

export const scoredCount = (example: EncodedExample): number => example.ids.length - example.completionStart;

/**
 * Puts every example into one row of one batch. Examples are shuffled; within each window of the shuffled order they
 * are packed first-fit by falling length (Johnson 1974), and the rows are shuffled again, so that rows fill up while
 * the order stays random. `stream` names the shuffle: the same names give the same plan.
 *
 * Every example must fit into a row and into the scored positions; see `shapeFor`.
 */
export function planBatches(
  examples: EncodedExample[],
  shape: BatchShape,
  stream: number[],
  windowRows = 64,
): BatchPlan[] {
  const random = randomStream(...stream);
  const order = shuffle([...examples.keys()], random);
  const rows: number[][] = [];
  let window: number[] = [];
  let windowTokens = 0;
  const closeWindow = (): void => {
    rows.push(...shuffle(firstFit(window, examples, shape), random));
    window = [];
    windowTokens = 0;
  };
  for (const index of order) {
    window.push(index);
    windowTokens += inputLength(examples[index]!);
    if (windowTokens >= windowRows * shape.length) closeWindow();
  }
  if (window.length > 0) closeWindow();
  return groupRows(rows, examples, shape);
}

/**
 * The shape of all batches: `batch` rows of at most `sequenceLength` tokens, and room for the scored positions.
 *
 * Rows are shorter, down to a half, where that saves a twentieth of the cells or more: examples of 300 tokens would
 * leave much of a row of 512 empty. There is room for what a full batch scores on average and a quarter more, at least for the longest
 * completion; the output layer's memory grows with it (thrice 4 bytes for each token of the vocabulary).
 */
export function shapeFor(examples: EncodedExample[], batch: number, sequenceLength: number): BatchShape {
  let tokens = 0;
  let targets = 0;
  let longest = 0;
  let longestCompletion = 0;
  for (const example of examples) {
    tokens += inputLength(example);
    targets += scoredCount(example);
    longest = Math.max(longest, inputLength(example));
    longestCompletion = Math.max(longestCompletion, scoredCount(example));
  }
  const shapeOf = (length: number): BatchShape => {
    const usual = Math.ceil((batch * length * 1.25 * targets) / Math.max(tokens, 1) / 32) * 32;
    return { batch, length, scored: Math.min(batch * length, Math.max(usual, longestCompletion)) };
  };
  const cellsOf = (shape: BatchShape): number =>
    planBatches(examples, shape, [0]).reduce((sum, rows) => sum + rows.length * shape.length, 0);

  const whole = shapeOf(sequenceLength);
  let best = { shape: whole, cells: cellsOf(whole) * 0.95 };
  const shortest = Math.max(longest, sequenceLength / 2);
  for (let length = Math.ceil(shortest / 32) * 32; length < sequenceLength; length += 32) {
    const shape = shapeOf(length);
    const cells = cellsOf(shape);
    if (cells < best.cells) best = { shape, cells };
  }
  return best.shape;
}

export function fillBatch(plan: BatchPlan, examples: EncodedExample[], shape: BatchShape): PackedBatch {
  const size = shape.batch * shape.length;
  const ids = new Int32Array(size);
  const positions = new Int32Array(size);
  const segments = new Int32Array(size);
  const scored: number[] = [];
  const targets: number[] = [];
  const exampleIds: string[] = [];
  let tokens = 0;
  for (const [row, members] of plan.entries()) {
    let place = row * shape.length;
    for (const [segment, index] of members.entries()) {
      const example = examples[index]!;
      exampleIds.push(example.id);
      for (let position = 0; position < inputLength(example); position++, place++) {
        ids[place] = example.ids[position]!;
        positions[place] = position;
        segments[place] = segment + 1;
        if (position + 1 < example.completionStart) continue;
        scored.push(place);
        targets.push(example.ids[position + 1]!);
      }
      tokens += inputLength(example);
    }
  }
  return {
    ids,
    positions,
    segments,
    scored: Int32Array.from(scored),
    targets: Int32Array.from(targets),
    exampleIds,
    tokens,
  };
}

function firstFit(window: number[], examples: EncodedExample[], shape: BatchShape): number[][] {
  const byLength = window.toSorted((a, b) => inputLength(examples[b]!) - inputLength(examples[a]!));
  const rows: { members: number[]; tokens: number; scored: number }[] = [];
  for (const index of byLength) {
    const length = inputLength(examples[index]!);
    const scored = scoredCount(examples[index]!);
    const fits = rows.find(
      (row) => row.tokens + length <= shape.length && row.scored + scored <= shape.scored,
    );
    if (fits) {
      fits.members.push(index);
      fits.tokens += length;
      fits.scored += scored;
    } else {
      rows.push({ members: [index], tokens: length, scored });
    }
  }
  return rows.map((row) => row.members);
}

/** Rows in order, `shape.batch` to a batch, fewer where the scored positions would not suffice. */
function groupRows(rows: number[][], examples: EncodedExample[], shape: BatchShape): BatchPlan[] {
  const batches: BatchPlan[] = [];
  let batch: BatchPlan = [];
  let scored = 0;
  for (const row of rows) {
    const inRow = row.reduce((sum, index) => sum + scoredCount(examples[index]!), 0);
    if (batch.length > 0 && (batch.length === shape.batch || scored + inRow > shape.scored)) {
      batches.push(batch);
      batch = [];
      scored = 0;
    }
    batch.push(row);
    scored += inRow;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
