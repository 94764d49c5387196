import { openInPlaceSession } from "../../engine/index.ts";
import { blockCounts, type AdapterRanks } from "../../models/index.ts";
import { createInTurn } from "../../platform/index.ts";
import { groupRows, type AdapterStack, type GroupShape, type LoadedAdapter } from "./adapter-stack.ts";
import { createAdapterStacks } from "./adapter-stacks.ts";
import { bindRun, stepRun, type BoundRun, type RowInput, type StepOutput } from "./bound-run.ts";
import type { KeyValueCache } from "./key-value-cache.ts";
import { once } from "./once.ts";
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
  const stacks = createAdapterStacks(groups, oneGraph);

  let logitsPool = new Float32Array(0);
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
    const logits = wantLogits ? logitsPool.subarray(0, size) : undefined;
    const past = caches[over].tensors(0, batch);
    const session = await open[over](adapters && stacks.ranks);
    const shape = { batch, length, vocabularySize, past, logits, adapters, groupSize };
    return bindRun(session, { ...shape, blockCounts: blockCounts(groups) });
  };

  // Decode runs by their sizes; those over an older cache or stack are dropped.
  let bound = new Map<string, BoundRun>();
  let boundGeneration = 0;
  let boundStack: AdapterStack | undefined;
  const decode: Decoder["decode"] = async (rows, wantLogits) => {
    const adapters = stacks.forRows(new Set(rows.map(({ adapter }) => adapter)));
    const grouping =
      adapters &&
      groupRows(
        rows.map(({ adapter }) => adapters.members.indexOf(adapter)),
        adapters.members.length,
      );
    const { generation } = caches.decoding;
    if (generation !== boundGeneration || (adapters && adapters !== boundStack)) bound = new Map();
    boundGeneration = generation;
    boundStack = adapters ?? boundStack;
    const key = `${rows.length} ${wantLogits} ${grouping?.size ?? 0}`;
    const prepared =
      bound.get(key) ?? (await bind("decoding", rows.length, 1, wantLogits, adapters, grouping?.size ?? 0));
    bound.set(key, prepared);
    return stepRun(prepared, rows, grouping);
  };

  const prefill: Decoder["prefill"] = async (input, wantLogits) => {
    const { tokens, adapter } = input;
    const adapters = adapter && stacks.forPrompt(adapter);
    const grouping =
      adapters && oneGraph ? groupRows(new Array<number>(tokens.length).fill(0), 1) : undefined;
    const prepared = await bind("reading", 1, tokens.length, wantLogits, adapters, grouping?.size ?? 0);
    return stepRun(prepared, [input], grouping);
  };

  // One thing at a time: adapters may change while sequences decode, and a session that runs must not be closed.
  const inTurn = createInTurn();
  return {
    decode: (rows, wantLogits) => inTurn(() => decode(rows, wantLogits)),
    prefill: (input, wantLogits) => inTurn(() => prefill(input, wantLogits)),
    adaptersChanged: (adapters) =>
      inTurn(async () => {
        // The session is kept while it fits.
        const before = stacks.change(adapters);
        if (before) for (const sessions of everyOpen) await (await sessions.forget(before))?.close();
      }),
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
