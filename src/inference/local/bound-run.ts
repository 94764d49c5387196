import type { InPlaceSession, TypedTensor } from "../../engine/index.ts";
import { blockHomes, type AdapterStack, type groupRows, type LoadedAdapter } from "./adapter-stack.ts";

/** New tokens of one row. */
export interface RowInput {
  tokens: readonly number[];
  /** Tokens of the row that the cache already holds. */
  past: number;
  adapter: LoadedAdapter | undefined;
}

export interface StepOutput {
  /** The likeliest next token of each row. */
  next: number[];
  /** [rows, vocabulary], overwritten by the next step; absent unless asked for. */
  logits?: Float32Array;
}

export type Grouping = ReturnType<typeof groupRows>;

/** A run of the decode graph whose inputs and outputs are arrays that are filled anew for each step. */
export interface BoundRun {
  run: () => Promise<void>;
  ids: BigInt64Array;
  last: Int32Array;
  total: Int32Array;
  members: BigInt64Array;
  /** By number of blocks. */
  homes: ReadonlyMap<number, BigInt64Array>;
  next: BigInt64Array;
  /** [rows, vocabulary], where they are wanted. */
  logits: Float32Array | undefined;
}

export interface RunShape {
  batch: number;
  /** New tokens of each row. */
  length: number;
  vocabularySize: number;
  /** Keys and values of the rows; the run writes to them. */
  past: Record<string, TypedTensor>;
  /** Where the logits go; absent where none are wanted. */
  logits: Float32Array | undefined;
  adapters: AdapterStack | undefined;
  /** Rows in a group of one adapter; 0 where rows are not grouped. */
  groupSize: number;
  /** The numbers of blocks that adapter groups have. */
  blockCounts: readonly number[];
}

export function bindRun(session: InPlaceSession, shape: RunShape): BoundRun {
  const { batch, length, vocabularySize, past, logits, adapters, groupSize } = shape;
  const ids = new BigInt64Array(batch * length);
  const last = new Int32Array(batch);
  const total = new Int32Array(1);
  const members = new BigInt64Array((adapters?.members.length ?? 0) * groupSize);
  const homes = new Map(
    shape.blockCounts.map((blocks) => [blocks, new BigInt64Array(batch * length * blocks)]),
  );
  const next = new BigInt64Array(batch);
  const scored = BigInt64Array.from({ length: batch }, (_, row) => BigInt((row + 1) * length - 1));
  const run = session.bind(
    {
      ids: int64(ids, [batch, length]),
      last: { dtype: "int32", shape: [batch], data: last },
      total: { dtype: "int32", shape: [], data: total },
      scored: int64(scored, [batch]),
      ...past,
      ...(adapters &&
        groupSize > 0 && {
          members: int64(members, [adapters.members.length, groupSize]),
          ...Object.fromEntries(
            [...homes].map(([blocks, home]) => [
              `home.${blocks}`,
              int64(home, blocks === 1 ? [batch, length] : [batch, length, blocks]),
            ]),
          ),
        }),
      ...adapters?.tensors,
    },
    {
      next: int64(next, [batch]),
      ...(logits && { logits: { dtype: "float32", shape: [batch, vocabularySize], data: logits } }),
      ...Object.fromEntries(Object.entries(past).map(([name, tensor]) => [`new.${name}`, tensor])),
    },
  );
  return { run, ids, last, total, members, homes, next, logits };
}

/** One step: fills the arrays with the rows' new tokens, runs, and reads what comes next. */
export async function stepRun(
  bound: BoundRun,
  rows: readonly RowInput[],
  grouping: Grouping | undefined,
): Promise<StepOutput> {
  let [at, total] = [0, 0];
  rows.forEach(({ tokens, past }, row) => {
    for (const token of tokens) bound.ids[at++] = BigInt(token);
    bound.last[row] = past + tokens.length - 1;
    total = Math.max(total, past + tokens.length);
  });
  bound.total[0] = total;
  if (grouping) {
    const { home, members } = grouping;
    bound.members.set(members);
    for (const [blocks, places] of bound.homes) places.set(blockHomes(home, members.length, blocks));
  }
  await bound.run();
  return { next: Array.from(bound.next, Number), ...(bound.logits && { logits: bound.logits }) };
}

const int64 = (data: BigInt64Array, shape: number[]): TypedTensor => ({ dtype: "int64", shape, data });
