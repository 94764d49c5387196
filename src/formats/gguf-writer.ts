import { writtenTypes, type WrittenType } from "./gguf-quantize.ts";

/** A tensor on its way into a file. */
export interface GgufTensor {
  name: string;
  /** Row-major, outermost first. */
  shape: readonly number[];
  type: WrittenType;
  /** Called once, when it is written. */
  read: () => Float32Array;
}

/** Metadata by key, each value encoded with its type before it: see `ggufValue`. */
export type GgufMetadataBytes = ReadonlyMap<string, Uint8Array>;

const alignment = 32;

/**
 * A GGUF file, version 3, in pieces: head and tensor table, then one tensor after the other
 * (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
 */
export function* writeGguf(
  metadata: GgufMetadataBytes,
  tensors: readonly GgufTensor[],
): Iterable<Uint8Array> {
  const keys = [...metadata].filter(([key]) => key !== "general.alignment");
  const head = [uint32(0x46554747), uint32(3), uint64(tensors.length), uint64(keys.length)];
  for (const [key, value] of keys) head.push(string(key), value);
  let offset = 0;
  for (const { name, shape, type } of tensors) {
    head.push(string(name), uint32(shape.length));
    // Innermost first.
    for (const size of shape.toReversed()) head.push(uint64(size));
    head.push(uint32(writtenTypes[type].number), uint64(offset));
    offset = alignUp(offset + bytesOf(shape, type));
  }
  const start = Buffer.concat(head);
  yield start;
  yield new Uint8Array(alignUp(start.length) - start.length);
  for (const { name, shape, type, read } of tensors) {
    const bytes = writtenTypes[type].encode(read());
    const expected = bytesOf(shape, type);
    if (bytes.length !== expected) throw new RangeError(`${name}: ${bytes.length} bytes, not ${expected}`);
    yield bytes;
    yield new Uint8Array(alignUp(expected) - expected);
  }
}

const alignUp = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

function bytesOf(shape: readonly number[], type: WrittenType): number {
  const { values, bytes } = writtenTypes[type];
  return (shape.reduce((product, size) => product * size, 1) / values) * bytes;
}

/** Values of metadata, typed as the format names them. */
export const ggufValue = {
  uint32: (value: number): Uint8Array => Buffer.concat([uint32(4), uint32(value)]),
  float32: (value: number): Uint8Array => Buffer.concat([uint32(6), float32(value)]),
  boolean: (value: boolean): Uint8Array => Buffer.concat([uint32(7), Uint8Array.of(Number(value))]),
  string: (value: string): Uint8Array => Buffer.concat([uint32(8), string(value)]),
  strings: (values: readonly string[]): Uint8Array => array(8, values.map(string)),
  int32s: (values: readonly number[]): Uint8Array => array(5, values.map(uint32)),
  float32s: (values: readonly number[]): Uint8Array => array(6, values.map(float32)),
  booleans: (values: readonly boolean[]): Uint8Array =>
    array(
      7,
      values.map((value) => Uint8Array.of(Number(value))),
    ),
};

const array = (type: number, items: Uint8Array[]): Uint8Array =>
  Buffer.concat([uint32(9), uint32(type), uint64(items.length), ...items]);

const uint32 = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);
const float32 = (value: number): Uint8Array => new Uint8Array(Float32Array.of(value).buffer);
const uint64 = (value: number): Uint8Array => new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);

function string(value: string): Uint8Array {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint64(bytes.length), bytes]);
}
