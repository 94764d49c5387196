import { join } from "node:path";
import { z } from "zod";
import type { CacheScales } from "../../models/index.ts";
import { readText, writeFileAtomic } from "../../platform/index.ts";
import type { CacheShape, KeyValueCache } from "./key-value-cache.ts";

/**
 * Room for what the measured text did not reach. Beyond it a key or value is cut off; within it a step is this much
 * coarser.
 */
const margin = 1.25;

const schema = z.object({
  version: z.literal(1),
  keys: z.array(z.array(z.number())),
  values: z.array(z.array(z.number())),
});

/**
 * The steps of an int8 cache: as fine as the keys and values of an ordinary text allow. Measured once for a model by
 * `read`, which gives a cache that holds `length` tokens in its first row, and then kept in `folder`.
 */
export async function findCacheScales(
  folder: string,
  shape: CacheShape,
  read: () => Promise<{ cache: KeyValueCache; length: number }>,
): Promise<CacheScales> {
  const file = join(folder, "cache-scales.json");
  const kept = await readKept(file);
  if (kept) return kept;
  const { cache, length } = await read();
  const measured = measure(shape, cache, length);
  await writeFileAtomic(file, JSON.stringify({ version: 1, ...measured }));
  return toFloats(measured);
}

/** Undefined where there is none, or a damaged one: they are measured again then. */
async function readKept(file: string): Promise<CacheScales | undefined> {
  try {
    return toFloats(schema.parse(JSON.parse(await readText(file))));
  } catch {
    return undefined;
  }
}

type Measured = Omit<z.infer<typeof schema>, "version">;

const toFloats = ({ keys, values }: Measured): CacheScales => ({
  keys: keys.map((layer) => Float32Array.from(layer)),
  values: values.map((layer) => Float32Array.from(layer)),
});

function measure(shape: CacheShape, cache: KeyValueCache, length: number): Measured {
  const tensors = cache.tensors(0, 1);
  const layers = Array.from({ length: shape.layers }, (_, layer) => layer);
  const data = (name: string) => tensors[name]!.data as Float32Array;
  return {
    keys: layers.map((layer) =>
      steps(shape, cache.capacity, length, pairNorms(data(`keys.${layer}`), shape.headSize)),
    ),
    values: layers.map((layer) =>
      steps(shape, cache.capacity, length, data(`values.${layer}`).map(Math.abs)),
    ),
  };
}

/** The largest magnitude of each channel over the tokens, in 127 steps. */
function steps(
  { keyValueHeads, headSize }: CacheShape,
  capacity: number,
  length: number,
  magnitudes: Float32Array,
): number[] {
  return Array.from({ length: keyValueHeads * headSize }, (_, at) => {
    const [head, channel] = [Math.floor(at / headSize), at % headSize];
    let largest = 1e-6;
    for (let token = 0; token < length; token++) {
      largest = Math.max(largest, magnitudes[(head * capacity + token) * headSize + channel]!);
    }
    return (margin * largest) / 127;
  });
}

/** The length of the pair that each channel of a key belongs to: turning it by its position does not change that. */
function pairNorms(keys: Float32Array, headSize: number): Float32Array {
  const half = headSize / 2;
  return keys.map((value, i) => Math.hypot(value, keys[i % headSize < half ? i + half : i - half]!));
}
