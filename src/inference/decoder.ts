import { openInPlaceSession, type TypedTensor } from "../engine/index.ts";
import {
  adapterRanks,
  blockHomes,
  groupRows,
  stackAdapters,
  stackForPrompts,
  type AdapterStack,
  type GroupShape,
  type LoadedAdapter,
} from "./adapter-stack.ts";
import { blockCounts, type AdapterRanks } from "../models/index.ts";
import { createInTurn } from "../platform/index.ts";
import type { KeyValueCache } from "./key-value-cache.ts";
import { createRounding } from "./rounding.ts";

export interface DecoderOptions {
  caches: Caches;
  vocabularySize: number;
  groups: readonly GroupShape[];
  /**
   * Writes the graph over one of the caches, for adapters of the ranks given or for none, and returns its path.
   * `oneAdapter`: all rows of a run carry the same.
   */
  writeGraph: (
    over: keyof Caches,
    adapters: AdapterRanks | undefined,
    oneAdapter: boolean,
  ) => Promise<string>;
  /** Writes the graph that rounds the reading cache for a decoding cache in int8. */
  writeRounding: () => Promise<string>;
  threads: number;
}

/** A prompt is read into a row in float32; when it is whole, its sequence gets a row among those that decode. */
export interface Caches {
  reading: KeyValueCache;
  decoding: KeyValueCache;
}

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

/** Runs the decode graph over rows of the caches. */
export interface Decoder {
  /** Rows 0 to `rows.length` of the decoding cache, one token each. */
  decode(rows: readonly RowInput[], wantLogits: boolean): Promise<StepOutput>;
  /** A piece of a prompt, into the row of the reading cache. */
  prefill(input: RowInput, wantLogits: boolean): Promise<StepOutput>;
  /** Copies the first `length` tokens of the reading cache to a row of the decoding cache. */
  settle(row: number, length: number): Promise<void>;
  /** To be told whenever the adapters that rows may carry have changed. */
  adaptersChanged(adapters: Iterable<LoadedAdapter>): Promise<void>;
  close(): Promise<void>;
}

interface BoundRun {
  run: () => Promise<void>;
  ids: BigInt64Array;
  last: Int32Array;
  total: Int32Array;
  members: BigInt64Array;
  /** By number of blocks. */
  homes: ReadonlyMap<number, BigInt64Array>;
  next: BigInt64Array;
  logits: Float32Array;
}

export function createDecoder(options: DecoderOptions): Decoder {
  const { caches, groups, vocabularySize, threads } = options;
  // Over caches of one type the graph is the same; else that for prompts, which come one at a time, has one adapter.
  const oneGraph = caches.decoding.dtype === caches.reading.dtype;
  const openOver = (over: keyof Caches) =>
    once(async (adapters: AdapterRanks | undefined) => {
      const path = await options.writeGraph(over, adapters, over === "reading" && !oneGraph);
      return openInPlaceSession(path, { threads });
    });
  const reading = openOver("reading");
  const open = { reading, decoding: oneGraph ? reading : openOver("decoding") };
  const everyOpen = new Set(Object.values(open));
  const rounding = oneGraph ? undefined : createRounding(caches.reading, options.writeRounding, threads);

  // One thing at a time: adapters may change while sequences decode, and a session that runs must not be closed.
  const inTurn = createInTurn();

  let stack: AdapterStack = { members: [], tensors: {} };
  // Prepared decode runs by their sizes; those of an older cache or stack are dropped.
  let bound = new Map<string, BoundRun>();
  let boundGeneration = 0;
  let logitsPool = new Float32Array(0);

  let ranks = adapterRanks([]);
  let alone = new WeakMap<LoadedAdapter, AdapterStack>();
  const makeStack = (members: readonly (LoadedAdapter | undefined)[]): AdapterStack =>
    stackAdapters(groups, members, ranks);
  const stackForPrompt = (adapter: LoadedAdapter): AdapterStack => {
    const make = () => (oneGraph ? makeStack([adapter]) : stackForPrompts(groups, adapter, ranks));
    const made = alone.get(adapter) ?? make();
    alone.set(adapter, made);
    return made;
  };

  /** The stack in use if it holds every adapter wanted, and is not mostly unused, else a new one. */
  const stackFor = (wanted: ReadonlySet<LoadedAdapter | undefined>): AdapterStack => {
    const holds = [...wanted].every((adapter) => stack.members.includes(adapter));
    if (!holds || stack.members.length > 2 * wanted.size) {
      stack = makeStack([...wanted]);
      bound = new Map();
    }
    return stack;
  };

  const bind = async (
    over: keyof Caches,
    batch: number,
    length: number,
    wantLogits: boolean,
    adapters: AdapterStack | undefined,
    groupSize: number,
  ): Promise<BoundRun> => {
    const size = batch * vocabularySize;
    if (wantLogits && logitsPool.length < size) logitsPool = new Float32Array(size);
    const arrays = {
      ids: new BigInt64Array(batch * length),
      last: new Int32Array(batch),
      total: new Int32Array(1),
      members: new BigInt64Array((adapters?.members.length ?? 0) * groupSize),
      homes: new Map(
        blockCounts(groups).map((blocks) => [blocks, new BigInt64Array(batch * length * blocks)]),
      ),
      next: new BigInt64Array(batch),
      logits: logitsPool.subarray(0, size),
    };
    const scored = BigInt64Array.from({ length: batch }, (_, row) => BigInt((row + 1) * length - 1));
    const int64 = (data: BigInt64Array, shape: number[]): TypedTensor => ({ dtype: "int64", shape, data });
    const past = caches[over].tensors(0, batch);
    const session = await open[over](adapters && ranks);
    const run = session.bind(
      {
        ids: int64(arrays.ids, [batch, length]),
        last: { dtype: "int32", shape: [batch], data: arrays.last },
        total: { dtype: "int32", shape: [], data: arrays.total },
        scored: int64(scored, [batch]),
        ...past,
        ...(adapters &&
          groupSize > 0 && {
            members: int64(arrays.members, [adapters.members.length, groupSize]),
            ...Object.fromEntries(
              [...arrays.homes].map(([blocks, home]) => [
                `home.${blocks}`,
                int64(home, blocks === 1 ? [batch, length] : [batch, length, blocks]),
              ]),
            ),
          }),
        ...adapters?.tensors,
      },
      {
        next: int64(arrays.next, [batch]),
        ...(wantLogits && {
          logits: { dtype: "float32", shape: [batch, vocabularySize], data: arrays.logits },
        }),
        ...Object.fromEntries(Object.entries(past).map(([name, tensor]) => [`new.${name}`, tensor])),
      },
    );
    return { run, ...arrays };
  };

  const execute = async (
    prepared: BoundRun,
    rows: readonly RowInput[],
    wantLogits: boolean,
    grouping: ReturnType<typeof groupRows> | undefined,
  ): Promise<StepOutput> => {
    let [at, total] = [0, 0];
    rows.forEach(({ tokens, past }, row) => {
      for (const token of tokens) prepared.ids[at++] = BigInt(token);
      prepared.last[row] = past + tokens.length - 1;
      total = Math.max(total, past + tokens.length);
    });
    prepared.total[0] = total;
    if (grouping) {
      prepared.members.set(grouping.members);
      const { home, members } = grouping;
      for (const [blocks, places] of prepared.homes) places.set(blockHomes(home, members.length, blocks));
    }
    await prepared.run();
    return { next: Array.from(prepared.next, Number), ...(wantLogits && { logits: prepared.logits }) };
  };

  const decode: Decoder["decode"] = async (rows, wantLogits) => {
    const wanted = new Set(rows.map(({ adapter }) => adapter));
    const adapters = [...wanted].some(Boolean) ? stackFor(wanted) : undefined;
    const grouping =
      adapters &&
      groupRows(
        rows.map(({ adapter }) => adapters.members.indexOf(adapter)),
        adapters.members.length,
      );
    if (boundGeneration !== caches.decoding.generation) bound = new Map();
    boundGeneration = caches.decoding.generation;
    const key = `${rows.length} ${wantLogits} ${grouping?.size ?? 0}`;
    const prepared =
      bound.get(key) ?? (await bind("decoding", rows.length, 1, wantLogits, adapters, grouping?.size ?? 0));
    bound.set(key, prepared);
    return execute(prepared, rows, wantLogits, grouping);
  };

  const prefill: Decoder["prefill"] = async (input, wantLogits) => {
    const { tokens, adapter } = input;
    const adapters = adapter && stackForPrompt(adapter);
    const grouping =
      adapters && oneGraph ? groupRows(new Array<number>(tokens.length).fill(0), 1) : undefined;
    const prepared = await bind("reading", 1, tokens.length, wantLogits, adapters, grouping?.size ?? 0);
    return execute(prepared, [input], wantLogits, grouping);
  };

  const adaptersChanged: Decoder["adaptersChanged"] = async (adapters) => {
    const before = ranks;
    const changed = adapterRanks(adapters);
    alone = new WeakMap();
    stack = { members: [], tensors: {} };
    // The session is kept while it fits.
    if ([...before, ...changed].every(([kind]) => before.get(kind) === changed.get(kind))) return;
    ranks = changed;
    for (const sessions of everyOpen) await (await sessions.forget(before))?.close();
  };

  return {
    decode: (rows, wantLogits) => inTurn(() => decode(rows, wantLogits)),
    prefill: (input, wantLogits) => inTurn(() => prefill(input, wantLogits)),
    adaptersChanged: (adapters) => inTurn(() => adaptersChanged(adapters)),
    async settle(row, length) {
      const tokens = rounding ? await rounding.run() : caches.reading.save(0, length);
      caches.decoding.restore(row, length, tokens);
    },
    close: () =>
      inTurn(async () => {
        await rounding?.close();
        for (const sessions of everyOpen) {
          for (const session of await sessions.made()) await session.close();
        }
      }),
  };
}

/** Remembers what was made for each key; a failure is forgotten. */
function once<Key, Value>(make: (key: Key) => Promise<Value>) {
  const values = new Map<Key, Promise<Value>>();
  const get = (key: Key): Promise<Value> => {
    const value = values.get(key) ?? make(key);
    values.set(key, value);
    value.catch(() => values.delete(key));
    return value;
  };
  const forget = (key: Key): Promise<Value> | undefined => {
    const value = values.get(key);
    values.delete(key);
    return value;
  };
  return Object.assign(get, { forget, made: () => Promise.all(values.values()) });
}
