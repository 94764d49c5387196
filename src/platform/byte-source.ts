import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { LoragError } from "../contracts/index.ts";

/** Random access to bytes that need not be in memory. A read outside `size` throws a RangeError. */
export interface ByteSource {
  /** For error messages: a path or a label. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** A copy of `length` bytes from `offset`, aligned for any typed array. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
  close(): void;
}

/** Opens a file for random reads. Throws LORAG_FILE_UNREADABLE. */
export function openByteSource(path: string): ByteSource {
  let descriptor: number;
  let size: number;
  try {
    descriptor = openSync(path, "r");
    size = fstatSync(descriptor).size;
  } catch (cause) {
    throw new LoragError({
      code: "LORAG_FILE_UNREADABLE",
      kind: "missing",
      message: `Cannot open ${path}`,
      next: "Check that the file exists and that this user may read it.",
      cause,
    });
  }
  return {
    name: path,
    size,
    read(offset, length) {
      requireInside(path, size, offset, length);
      const bytes = new Uint8Array(length);
      let done = 0;
      // A single read call stops at 2 GiB, and may return less than asked.
      while (done < length) {
        const count = readSync(descriptor, bytes, done, Math.min(length - done, 1 << 30), offset + done);
        if (count === 0) throw new RangeError(`${path} shrank while it was read`);
        done += count;
      }
      return bytes;
    },
    close: () => closeSync(descriptor),
  };
}

/** The same interface over bytes in memory. */
export function memoryByteSource(bytes: Uint8Array, name = "memory"): ByteSource {
  return {
    name,
    size: bytes.byteLength,
    read(offset, length) {
      requireInside(name, bytes.byteLength, offset, length);
      return bytes.slice(offset, offset + length) as Uint8Array<ArrayBuffer>;
    },
    close: () => {},
  };
}

function requireInside(name: string, size: number, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= size) return;
  throw new RangeError(`Bytes ${offset}..${offset + length} of ${name} lie outside its ${size} bytes`);
}
