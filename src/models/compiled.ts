import { z } from "zod";
import { join } from "node:path";
import type { DataType, Graph, QuantizedMatrix, Tensor, WeightReference } from "../engine/index.ts";
import { LoragError } from "../contracts/index.ts";
import {
  readFile,
  parseJson,
  readText,
  sha256,
  statPath,
  sweepLeftovers,
  writeFileAtomic,
  type Content,
} from "../platform/index.ts";

/** One tensor on its way into a compiled file. */
export interface CompiledTensor {
  name: string;
  dtype: DataType;
  shape: readonly number[];
  /** Row-major. */
  values: Float32Array | Int8Array | Uint8Array;
}

export type CompiledWeights = ReadonlyMap<string, WeightReference>;

const layoutSchema = z.object({
  version: z.literal(2),
  bytes: z.int(),
  tensors: z.record(
    z.string(),
    z.object({
      offset: z.int(),
      length: z.int(),
      dtype: z.enum(["float32", "int8", "uint8"]),
      shape: z.array(z.int()),
    }),
  ),
});

/** Every tensor begins on a cache line. */
const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/**
 * The compiled weight file `<folder>/<name>.bin`, which graphs in the same folder refer to by offset. Its layout,
 * `<name>.json`, is written after it: where the layout is missing or does not fit the file, both are made again
 * from `tensors`. Two processes may compile at once: the last one's equal files stay.
 */
export async function compileWeights(
  folder: string,
  name: string,
  tensors: () => Iterable<CompiledTensor>,
): Promise<CompiledWeights> {
  // A run that was killed here may have left hundreds of megabytes, and the next one need write nothing.
  await sweepLeftovers(folder);
  const layout = (await readLayout(folder, name)) ?? (await writeWeights(folder, name, tensors));
  const file = `${name}.bin`;
  return new Map(
    Object.entries(layout.tensors).map(([tensor, place]) => [tensor, { file, ...place }] as const),
  );
}

async function readLayout(folder: string, name: string): Promise<z.infer<typeof layoutSchema> | undefined> {
  const data = await statPath(join(folder, `${name}.bin`));
  if (!data || !(await statPath(join(folder, `${name}.json`)))) return undefined;
  const parsed = layoutSchema.safeParse(parseJson(await readText(join(folder, `${name}.json`))));
  if (!parsed.success || parsed.data.bytes !== data.size || !isGapless(parsed.data)) return undefined;
  return parsed.data;
}

const elementBytes = { float32: 4, int8: 1, uint8: 1 };

/** Whether the tensors follow one another as they are written and end with the file: a damaged layout never does. */
function isGapless({ tensors, bytes }: z.infer<typeof layoutSchema>): boolean {
  let end = 0;
  for (const { offset, length, dtype, shape } of Object.values(tensors)) {
    const needed = shape.reduce((product, size) => product * size, elementBytes[dtype]);
    if (offset !== align(end) || length !== needed) return false;
    end = offset + length;
  }
  return end === bytes;
}

async function writeWeights(
  folder: string,
  name: string,
  tensors: () => Iterable<CompiledTensor>,
): Promise<z.infer<typeof layoutSchema>> {
  const layout: z.infer<typeof layoutSchema> = { version: 2, bytes: 0, tensors: {} };
  function* pieces(): Iterable<Uint8Array> {
    for (const { name, dtype, shape, values } of tensors()) {
      const offset = align(layout.bytes);
      if (offset > layout.bytes) yield new Uint8Array(offset - layout.bytes);
      layout.tensors[name] = {
        offset,
        length: values.byteLength,
        dtype: dtype as "float32" | "int8" | "uint8",
        shape: [...shape],
      };
      layout.bytes = offset + values.byteLength;
      yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    }
  }
  await writeToCache(join(folder, `${name}.bin`), pieces());
  await writeToCache(join(folder, `${name}.json`), JSON.stringify(layout));
  return layout;
}

/**
 * Writes a graph beside the weights, which it refers to by name, and returns its path. Nothing is written where it lies
 * there already: a cache that is complete may be read-only.
 */
export async function writeGraph(folder: string, name: string, onnx: Uint8Array): Promise<string> {
  const hash = sha256(onnx);
  const path = join(folder, `${name}-${hash.slice(0, 16)}.onnx`);
  const isThere = (await statPath(path))?.size === onnx.length && sha256(await readFile(path)) === hash;
  if (!isThere) await writeToCache(path, onnx);
  return path;
}

async function writeToCache(path: string, content: Content): Promise<void> {
  try {
    await writeFileAtomic(path, content);
  } catch (error) {
    const isClosed =
      error instanceof LoragError && ["LORAG_READ_ONLY", "LORAG_NO_PERMISSION"].includes(error.code);
    if (!isClosed) throw error;
    const next = "Point LORAG_HOME at a folder that this user may write to, or make this one so.";
    throw new LoragError({ ...error.toPlain(), next, cause: error });
  }
}

/** A compiled tensor as a value of the graph. */
export function weight(graph: Graph, weights: CompiledWeights, name: string): Tensor {
  const reference = weights.get(name);
  if (!reference) throw new Error(`the compiled weights have no ${name}`);
  return graph.weight(reference);
}

/** A compiled int8 matrix, with its transpose where it has one (modules do, groups do not). */
export function int8Weight(graph: Graph, weights: CompiledWeights, name: string): QuantizedMatrix {
  const part = (suffix: string) => weight(graph, weights, `${name}.${suffix}`);
  const forward = { values: part("values"), scale: part("scale") };
  if (!weights.has(`${name}.transposed.values`)) return forward;
  const transposed = { values: part("transposed.values"), scale: part("transposed.scale") };
  return { ...forward, transposed };
}
