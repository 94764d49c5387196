import { openInPlaceSession, type InPlaceSession, type TypedTensor } from "../../engine/index.ts";
import type { KeyValueCache } from "./key-value-cache.ts";

/** Rounds the first row of a float32 cache to int8. */
export interface Rounding {
  /** The row's arrays, for `restore` of an int8 cache; the next run overwrites them. */
  run(): Promise<Int8Array<ArrayBuffer>[]>;
  close(): Promise<void>;
}

/** `writeGraph` writes the graph of `buildCacheRounding` and returns its path; it is opened at the first run. */
export function createRounding(
  cache: KeyValueCache,
  writeGraph: () => Promise<string>,
  threads: number,
): Rounding {
  let session: InPlaceSession | undefined;
  let bound: { generation: number; arrays: Int8Array<ArrayBuffer>[]; run: () => Promise<void> } | undefined;

  const bind = async () => {
    session ??= await openInPlaceSession(await writeGraph(), { threads });
    const { generation } = cache;
    const row = cache.tensors(0, 1);
    const outputs: Record<string, TypedTensor> = {};
    const arrays = Object.entries(row).map(([name, { shape, data }]) => {
      const rounded = new Int8Array(data.length);
      outputs[`rounded.${name}`] = { dtype: "int8", shape, data: rounded };
      return rounded;
    });
    return { generation, arrays, run: session.bind(row, outputs) };
  };
  return {
    async run() {
      if (bound?.generation !== cache.generation) bound = await bind();
      await bound.run();
      return bound.arrays;
    },
    close: async () => session?.close(),
  };
}
