import type { ByteSource } from "../platform/index.ts";
import { missingTensor, unsupportedTensor } from "./corrupt-file.ts";
import { blockTypes, type BlockType } from "./gguf-dequantize.ts";
import { openGgufCursor, type GgufCursor, type GgufValue } from "./gguf-cursor.ts";
import type { WeightSource } from "./weight-source.ts";

/** Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Limits are ggml's or tighter. */
const limits = { tensors: 50_000, keys: 65_536, dimensions: 4, nameBytes: 64 };

export interface GgufFile extends WeightSource {
  readonly metadata: ReadonlyMap<string, GgufValue>;
  /** Metadata as it stands in the file, with its types: what `writeGguf` takes. */
  encodedMetadata(): Map<string, Uint8Array>;
}

interface Tensor {
  type: BlockType;
  shape: readonly number[];
  count: number;
  start: number;
  bytes: number;
}

/**
 * Reads metadata and the tensor table of a little-endian GGUF file, version 2 or 3, and checks them against the
 * file: tensors must tile the data with no gap but the alignment's. Tensor names are the file's own.
 * Throws LORAG_GGUF_CORRUPT, LORAG_TENSOR_TYPE.
 */
export function readGguf(source: ByteSource): GgufFile {
  const cursor = openGgufCursor(source);
  const { tensorCount, keyCount } = readCounts(cursor);
  const metadata = new Map<string, GgufValue>();
  const places = new Map<string, { start: number; end: number }>();
  for (let i = 0; i < keyCount; i++) {
    const key = cursor.string(65_535);
    if (key === "" || metadata.has(key))
      throw cursor.fail(`the key ${JSON.stringify(key)} is empty or double`);
    const start = cursor.position();
    metadata.set(key, cursor.value());
    places.set(key, { start, end: cursor.position() });
  }
  const tensors = readTensors(cursor, tensorCount, readAlignment(cursor, metadata));
  const tensorOf = (name: string): Tensor => {
    const tensor = tensors.get(name);
    if (!tensor) throw missingTensor(source.name, name);
    return tensor;
  };
  return {
    metadata,
    encodedMetadata: () =>
      new Map([...places].map(([key, { start, end }]) => [key, source.read(start, end - start)])),
    names: () => [...tensors.keys()],
    shape: (name) => tensorOf(name).shape,
    read(name) {
      const { type, start, bytes, count } = tensorOf(name);
      const out = new Float32Array(count);
      type.decode(source.read(start, bytes), out);
      return out;
    },
    close: () => source.close(),
  };
}

function readCounts(cursor: GgufCursor): { tensorCount: number; keyCount: number } {
  const magic = cursor.uint32();
  if (magic !== 0x46554747) throw cursor.fail(`it starts with 0x${magic.toString(16)}, not with GGUF`);
  const version = cursor.uint32();
  if (version !== 2 && version !== 3) throw cursor.fail(`version ${version} (or a big-endian file)`);
  const tensorCount = cursor.size();
  const keyCount = cursor.size();
  if (tensorCount > limits.tensors) throw cursor.fail(`${tensorCount} tensors are over ${limits.tensors}`);
  if (keyCount > limits.keys) throw cursor.fail(`${keyCount} keys are over ${limits.keys}`);
  return { tensorCount, keyCount };
}

function readAlignment(cursor: GgufCursor, metadata: ReadonlyMap<string, GgufValue>): number {
  const alignment = metadata.get("general.alignment") ?? 32;
  const isPowerOfTwo =
    typeof alignment === "number" && alignment > 0 && Number.isInteger(Math.log2(alignment));
  if (!isPowerOfTwo || alignment > 65_536) throw cursor.fail(`the alignment ${String(alignment)}`);
  return alignment;
}

function readTensors(cursor: GgufCursor, count: number, alignment: number): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  const alignUp = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;
  let end = 0;
  for (let i = 0; i < count; i++) {
    const name = cursor.string(limits.nameBytes);
    const label = `tensor ${JSON.stringify(name)}`;
    if (tensors.has(name)) throw cursor.fail(`${label} is there twice`);
    const dimensions = cursor.uint32();
    if (dimensions > limits.dimensions) throw cursor.fail(`${label} has ${dimensions} dimensions`);
    // GGUF writes the innermost dimension first.
    const shape = Array.from({ length: dimensions }, () => cursor.size()).reverse();
    const typeNumber = cursor.uint32();
    const type = blockTypes.get(typeNumber);
    if (!type) throw unsupportedTensor(cursor.name, name, `number ${typeNumber}`);
    const offset = cursor.size();
    const values = shape.reduce((product, dimension) => product * dimension, 1);
    const bytes = (values / type.values) * type.bytes;
    if (!Number.isSafeInteger(bytes) || (shape.at(-1) ?? 1) % type.values !== 0)
      throw cursor.fail(`${label} of type ${type.name} has the shape [${shape.join(", ")}]`);
    if (offset !== end) throw cursor.fail(`${label} starts at byte ${offset} of the data, not ${end}`);
    end = alignUp(offset + bytes);
    tensors.set(name, { type, shape, count: values, start: offset, bytes });
  }
  const dataStart = alignUp(cursor.position());
  for (const [name, tensor] of tensors) {
    tensor.start += dataStart;
    const over = tensor.start + tensor.bytes - cursor.fileSize;
    if (over > 0)
      throw cursor.fail(`tensor ${JSON.stringify(name)} ends ${over} bytes past the end of the file`);
  }
  return tensors;
}
