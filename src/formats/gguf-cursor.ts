import type { ByteSource } from "../platform/index.ts";
import { corruptFile } from "./corrupt-file.ts";

/** A metadata value; 64-bit integers beyond 2^53 stay bigint. */
export type GgufValue = number | bigint | boolean | string | GgufValue[];

/** Reads GGUF's scalars one after another; every length is checked against the file before it is used. */
export interface GgufCursor {
  readonly name: string;
  readonly fileSize: number;
  position(): number;
  uint32(): number;
  /** An unsigned 64-bit count or offset: refused where it exceeds 2^53. */
  size(): number;
  string(maximumBytes: number): string;
  /** A typed metadata value: its type number, then the value. */
  value(): GgufValue;
  fail(what: string): Error;
}

const limits = { stringBytes: 16 * 2 ** 20, arrayItems: 4 * 2 ** 20 };
const windowBytes = 2 ** 20;
const arrayType = 9;

/** Bytes that one item takes at least, by type number (gguf_metadata_value_type). */
const leastBytes = [1, 1, 2, 2, 4, 4, 4, 1, 8, undefined, 8, 8, 8];

export function openGgufCursor(source: ByteSource): GgufCursor {
  let windowStart = 0;
  let view = new DataView(new ArrayBuffer(0));
  let position = 0;
  const fail = (what: string): Error =>
    corruptFile("GGUF", source.name, `${what} (near byte ${Math.min(position, source.size)})`);

  /** Moves past `length` bytes and returns their place in the current window. */
  const take = (length: number): number => {
    if (length > source.size - position) throw fail(`${length} bytes are wanted where the file ends`);
    if (position + length > windowStart + view.byteLength) {
      windowStart = position;
      view = new DataView(
        source.read(position, Math.min(Math.max(length, windowBytes), source.size - position)).buffer,
      );
    }
    position += length;
    return position - length - windowStart;
  };
  const uint32 = (): number => {
    const at = take(4);
    return view.getUint32(at, true);
  };
  const wide = (value: bigint): number | bigint => {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  };
  const size = (): number => {
    const at = take(8);
    const value = wide(view.getBigUint64(at, true));
    if (typeof value === "bigint") throw fail(`the count ${value}`);
    return value;
  };
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const string = (maximumBytes: number): string => {
    const length = size();
    if (length > maximumBytes) throw fail(`a string of ${length} bytes, more than ${maximumBytes}`);
    const at = take(length);
    try {
      return decoder.decode(new Uint8Array(view.buffer, at, length));
    } catch {
      throw fail("a string that is not UTF-8");
    }
  };
  const boolean = (): boolean => {
    const at = take(1);
    const byte = view.getUint8(at);
    if (byte > 1) throw fail(`the boolean ${byte}`);
    return byte === 1;
  };
  // `take` may replace `view`, so it runs first: `view.getUint8(take(1))` would read the old window.
  const after =
    <T>(length: number, read: (at: number) => T) =>
    (): T =>
      read(take(length));
  const scalars: ((() => GgufValue) | undefined)[] = [
    after(1, (at) => view.getUint8(at)),
    after(1, (at) => view.getInt8(at)),
    after(2, (at) => view.getUint16(at, true)),
    after(2, (at) => view.getInt16(at, true)),
    uint32,
    after(4, (at) => view.getInt32(at, true)),
    after(4, (at) => view.getFloat32(at, true)),
    boolean,
    () => string(limits.stringBytes),
    undefined,
    after(8, (at) => wide(view.getBigUint64(at, true))),
    after(8, (at) => wide(view.getBigInt64(at, true))),
    after(8, (at) => view.getFloat64(at, true)),
  ];
  const array = (): GgufValue[] => {
    const type = uint32();
    const read = scalars[type];
    if (!read) throw fail(`an array of the type ${type}`);
    const count = size();
    if (count > limits.arrayItems) throw fail(`an array of ${count} items, more than ${limits.arrayItems}`);
    if (count * leastBytes[type]! > source.size - position) throw fail(`an array of ${count} items`);
    return Array.from({ length: count }, read);
  };
  const value = (): GgufValue => {
    const type = uint32();
    if (type === arrayType) return array();
    const read = scalars[type];
    if (!read) throw fail(`the value type ${type}`);
    return read();
  };
  return {
    name: source.name,
    fileSize: source.size,
    position: () => position,
    uint32,
    size,
    string,
    value,
    fail,
  };
}
