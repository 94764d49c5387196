import { randomStream, shuffle } from "../../random/index.ts";
import type { BatchShape } from "../../models/index.ts";
import { inputLength, scoredCount, type EncodedExample } from "./encode.ts";
import type { Batch, Batches } from "../batches.ts";
import { byPrompt, sharedLength } from "./shared-prefix.ts";

/** Which examples share a batch: by row, each a list of indices in order of place. */
export type BatchPlan = number[][];

/** What a training graph is fed. Rows are laid end to end: position `p` of row `r` is `r * length + p`. */
export interface PackedBatch extends Batch {
  /** Token ids [batch * length]; 0 where nothing is packed. */
  ids: Int32Array;
  /** Place within its own sequence, from 0 [batch * length]. */
  positions: Int32Array;
  /** The place in its row after the last token that sees this one [batch * length]. */
  ends: Int32Array;
  /** Places in `ids` whose next token is a target [at most shape.scored]. */
  scored: Int32Array;
  /** The target of each scored place. */
  targets: Int32Array;
  /** The place in `exampleIds` of the sequence that each scored place belongs to. */
  owners: Int32Array;
}

/** Examples in packed batches, as `planBatches` says. */
export const packedBatches =
  (examples: EncodedExample[], shape: BatchShape): Batches<PackedBatch> =>
  (stream) =>
    planBatches(examples, shape, stream).map((plan) => () => fillBatch(plan, examples, shape));

/**
 * Puts every example into one row of one batch. Examples are shuffled; within each window of the shuffled order they
 * are packed, the long ones first, into the row that they share most with, else the first that has room (Johnson 1974), and
 * the rows are shuffled again, so that rows fill up while the order stays random. `stream` names the shuffle: the same
 * names give the same plan.
 *
 * Every example must fit into a row and into the scored positions; see batch-shape.ts.
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
    rows.push(...shuffle(fitRows(window, examples, shape), random));
    window = [];
    windowTokens = 0;
  };
  for (const index of order) {
    window.push(index);
    windowTokens += inputLength(examples[index]!);
    if (windowTokens >= windowRows * shape.length) closeWindow();
  }
  if (window.length > 0) closeWindow();
  return batchRows(rows, examples, shape);
}

export function fillBatch(plan: BatchPlan, examples: EncodedExample[], shape: BatchShape): PackedBatch {
  const size = shape.batch * shape.length;
  const batch = {
    ids: new Int32Array(size),
    positions: new Int32Array(size),
    ends: Int32Array.from({ length: size }, (_, cell) => (cell % shape.length) + 1),
  };
  const scored: number[] = [];
  const targets: number[] = [];
  const owners: number[] = [];
  const exampleIds: string[] = [];
  let tokens = 0;
  for (const [row, members] of plan.entries()) {
    const start = row * shape.length;
    // Where the tokens of the sequence being laid out lie, the shared ones included.
    const path: number[] = [];
    let place = 0;
    const close = (kept: number): void => {
      for (const open of path.splice(kept)) batch.ends[start + open] = place;
    };
    let previous: EncodedExample | undefined;
    for (const example of members.map((index) => examples[index]!).sort(byPrompt)) {
      close(previous ? sharedLength(previous, example) : 0);
      for (let position = path.length; position < inputLength(example); position++, place++) {
        batch.ids[start + place] = example.ids[position]!;
        batch.positions[start + place] = position;
        path.push(place);
        if (position + 1 < example.completionStart) continue;
        scored.push(start + place);
        targets.push(example.ids[position + 1]!);
        owners.push(exampleIds.length);
      }
      exampleIds.push(example.id);
      previous = example;
    }
    close(0);
    tokens += place;
  }
  return {
    ...batch,
    scored: Int32Array.from(scored),
    targets: Int32Array.from(targets),
    owners: Int32Array.from(owners),
    count: scored.length,
    exampleIds,
    tokens,
  };
}

/** Tokens. Questions that begin with the same few words need not meet. */
const worthSharing = 16;

interface Row {
  members: number[];
  /** Places of the members in the order of their prompts, ascending. */
  ranks: number[];
  /** Shared ones counted once. */
  tokens: number;
  scored: number;
}

function fitRows(window: number[], examples: EncodedExample[], shape: BatchShape): number[][] {
  // Short ones fit anywhere, so they keep their random order: else rows of questions of one kind would come about.
  const size = (index: number): number => Math.max(inputLength(examples[index]!), shape.length / 4);
  const ordered = window.map((index) => examples[index]!).sort(byPrompt);
  const rankOf = new Map(ordered.map((example, rank) => [example, rank]));
  const rows: Row[] = [];
  for (const index of window.toSorted((a, b) => size(b) - size(a))) {
    const example = examples[index]!;
    const rank = rankOf.get(example)!;
    const length = inputLength(example);
    const scored = scoredCount(example);
    let best: { row: Row; shared: number; at: number } | undefined;
    for (const row of rows) {
      if (row.scored + scored > shape.scored) continue;
      // Of prompts in order, those that share most with this one are its neighbours.
      const at = insertionPoint(row.ranks, rank);
      const neighbours = [row.ranks[at - 1], row.ranks[at]].filter((other) => other !== undefined);
      const shared = Math.max(...neighbours.map((other) => sharedLength(ordered[other]!, example)));
      if (row.tokens + length - shared > shape.length) continue;
      if (!best || shared >= best.shared + worthSharing) best = { row, shared, at };
    }
    if (best) {
      best.row.members.push(index);
      best.row.ranks.splice(best.at, 0, rank);
      best.row.tokens += length - best.shared;
      best.row.scored += scored;
    } else {
      rows.push({ members: [index], ranks: [rank], tokens: length, scored });
    }
  }
  return rows.map((row) => row.members);
}

/** How many of the ascending values are below `value`. */
function insertionPoint(values: readonly number[], value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows in order, `shape.batch` to a batch, fewer where the scored positions would not suffice. */
function batchRows(rows: number[][], examples: EncodedExample[], shape: BatchShape): BatchPlan[] {
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
