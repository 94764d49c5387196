import { inBrief } from "../contracts/index.ts";
import type { ByteSource } from "../platform/index.ts";
import { corruptFile, missingTensor, unsupportedTensor } from "./corrupt-file.ts";
import { bfloatsToFloats, halvesToFloats } from "./half.ts";
import type { WeightSource } from "./weight-source.ts";

/** Source: https://github.com/huggingface/safetensors#format. Limits are the reference reader's or tighter. */
const limits = { headerBytes: 100_000_000, tensors: 50_000, rank: 8 };

const bytesOf = new Map([
  ...["BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0"].map((type) => [type, 1] as const),
  ...["U16", "I16", "F16", "BF16"].map((type) => [type, 2] as const),
  ...["U32", "I32", "F32"].map((type) => [type, 4] as const),
  ...["U64", "I64", "F64"].map((type) => [type, 8] as const),
]);

export interface SafetensorsFile extends WeightSource {
  /** `__metadata__` of the header. */
  readonly metadata: ReadonlyMap<string, string>;
}

interface Entry {
  type: string;
  shape: readonly number[];
  /** From the start of the file. */
  start: number;
  end: number;
}

/**
 * Reads the header and checks it against the file: offsets must tile the data without gap or overlap.
 * Throws LORAG_SAFETENSORS_CORRUPT.
 */
export function readSafetensors(source: ByteSource): SafetensorsFile {
  const { entries, metadata } = readHeader(source);
  const entryOf = (name: string): Entry => {
    const entry = entries.get(name);
    if (!entry) throw missingTensor(source.name, name);
    return entry;
  };
  return {
    metadata,
    names: () => [...entries.keys()],
    shape: (name) => entryOf(name).shape,
    read(name) {
      const { type, start, end } = entryOf(name);
      if (type !== "F32" && type !== "F16" && type !== "BF16")
        throw unsupportedTensor(source.name, name, type);
      const { buffer } = source.read(start, end - start);
      if (type === "F32") return new Float32Array(buffer);
      const bits = new Uint16Array(buffer);
      return type === "F16" ? halvesToFloats(bits) : bfloatsToFloats(bits);
    },
    close: () => source.close(),
  };
}

function readHeader(source: ByteSource): { entries: Map<string, Entry>; metadata: Map<string, string> } {
  const fail = (what: string): Error => corruptFile("SAFETENSORS", source.name, what);
  if (source.size < 8) throw fail(`it has ${source.size} bytes, fewer than the 8 of the header's length`);
  const prefix = source.read(0, 8);
  const length = Number(new DataView(prefix.buffer).getBigUint64(0, true));
  if (length > limits.headerBytes) throw fail(`a header of ${length} bytes is over ${limits.headerBytes}`);
  if (8 + length > source.size) throw fail(`a header of ${length} bytes in a file of ${source.size}`);

  const header = parseObject(source.read(8, length), fail);
  const dataStart = 8 + length;
  const metadata = readMetadata(header.get("__metadata__"), fail);
  header.delete("__metadata__");
  if (header.size > limits.tensors) throw fail(`${header.size} tensors are over ${limits.tensors}`);

  const entries = new Map<string, Entry>();
  for (const [name, value] of header) entries.set(name, readEntry(name, value, dataStart, fail));
  let end = dataStart;
  for (const [name, entry] of [...entries].sort(([, a], [, b]) => a.start - b.start || a.end - b.end)) {
    if (entry.start !== end)
      throw fail(`tensor ${JSON.stringify(name)} starts at byte ${entry.start}, not ${end}`);
    end = entry.end;
  }
  if (end !== source.size) throw fail(`its tensors end at byte ${end} of ${source.size}`);
  return { entries, metadata };
}

function readEntry(name: string, value: unknown, dataStart: number, fail: (what: string) => Error): Entry {
  const label = `tensor ${JSON.stringify(name.slice(0, 200))}`;
  const fields = asMap(value);
  const type = fields?.get("dtype");
  const shape = fields?.get("shape");
  const offsets = fields?.get("data_offsets");
  const size = typeof type === "string" ? bytesOf.get(type) : undefined;
  if (typeof type !== "string" || size === undefined)
    throw fail(`${label} has the unknown dtype ${inBrief(type)}`);
  if (!isSizes(shape) || shape.length > limits.rank) throw fail(`${label} has the shape ${inBrief(shape)}`);
  if (!isSizes(offsets) || offsets.length !== 2) throw fail(`${label} has the offsets ${inBrief(offsets)}`);
  const [start, end] = offsets as [number, number];
  const bytes = shape.reduce((product, dimension) => product * dimension, size);
  if (!Number.isSafeInteger(bytes) || end - start !== bytes) {
    throw fail(`${label} of shape [${shape.join(", ")}] and dtype ${type} has ${end - start} bytes`);
  }
  return { type, shape, start: dataStart + start, end: dataStart + end };
}

function readMetadata(value: unknown, fail: (what: string) => Error): Map<string, string> {
  if (value === undefined) return new Map();
  const fields = asMap(value);
  if (!fields || [...fields.values()].some((text) => typeof text !== "string"))
    throw fail("__metadata__ is not a map of strings");
  return fields as Map<string, string>;
}

function parseObject(bytes: Uint8Array, fail: (what: string) => Error): Map<string, unknown> {
  if (bytes[0] !== 0x7b) throw fail("its header does not start with {");
  try {
    const map = asMap(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
    if (map) return map;
  } catch (error) {
    throw fail(`its header is not JSON (${String(error).slice(0, 120)})`);
  }
  throw fail("its header is not a JSON object");
}

/** Own entries of a JSON object, as a map: names such as `__proto__` are then only names. */
function asMap(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/** An f32 tensor to write. */
export interface FloatTensor {
  shape: readonly number[];
  data: Float32Array;
}

/** A tensor on its way into a file. */
export interface WrittenTensor {
  name: string;
  shape: readonly number[];
  /** Called once, when it is written. */
  read: () => Float32Array;
}

/**
 * A safetensors file of f32 tensors, in name order (so that equal tensors give equal bytes), with the header
 * padded to 8 bytes as the reference writer does.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, FloatTensor>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const named = [...tensors].map(([name, { shape, data }]) => ({ name, shape, read: () => data }));
  return new Uint8Array(Buffer.concat([...safetensorsPieces(named, metadata)]));
}

/** Node hashes no array of 2 GiB or more, which the weights of a model with their optimizer's state soon are. */
const pieceBytes = 2 ** 26;

/** The same in pieces, for files too big to hold. */
export function* safetensorsPieces(
  tensors: readonly WrittenTensor[],
  metadata: Readonly<Record<string, string>> = { format: "pt" },
): Iterable<Uint8Array> {
  const named = tensors.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
  let offset = 0;
  const header: [string, unknown][] = [["__metadata__", metadata]];
  for (const { name, shape } of named) {
    header.push([name, { dtype: "F32", shape, data_offsets: [offset, (offset += 4 * countOf(shape))] }]);
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const start = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20);
  new DataView(start.buffer).setBigUint64(0, BigInt(start.length - 8), true);
  start.set(json, 8);
  yield start;
  for (const { name, shape, read } of named) {
    const data = read();
    if (countOf(shape) !== data.length)
      throw new RangeError(`${name}: ${data.length} values for shape [${shape.join(", ")}]`);
    for (let at = 0; at < data.byteLength; at += pieceBytes)
      yield new Uint8Array(data.buffer, data.byteOffset + at, Math.min(pieceBytes, data.byteLength - at));
  }
}
