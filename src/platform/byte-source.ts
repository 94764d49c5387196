import { closeSync, openSync, readSync, statSync } from "node:fs";
import { LoragError } from "../contracts/index.ts";
import { ioError, notRegular } from "./io-error.ts";

/** Random access to bytes that need not be in memory. A read outside `size` throws LORAG_OUT_OF_FILE. */
export interface ByteSource {
  /** For error messages: a path or a label. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** A copy of `length` bytes from `offset`, aligned for any typed array. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
  close(): void;
}

/** Opens a file for random reads. Throws LORAG_NOT_FOUND, LORAG_NO_PERMISSION, LORAG_NOT_A_FILE. */
export function openFile(path: string): ByteSource {
  const { descriptor, size } = open(path);
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
        if (count === 0) throw outOfFile(path, "it shrank while it was read");
        done += count;
      }
      return bytes;
    },
    close: () => closeSync(descriptor),
  };
}

/** The same interface over bytes in memory. */
export function memorySource(bytes: Uint8Array, name = "memory"): ByteSource {
  return {
    name,
    size: bytes.byteLength,
    read(offset, length) {
      requireInside(name, bytes.byteLength, offset, length);
      // Not `bytes.slice`: on a Buffer that is a view.
      return Uint8Array.from(bytes.subarray(offset, offset + length));
    },
    close: () => {},
  };
}

function open(path: string): { descriptor: number; size: number } {
  try {
    const found = statSync(path);
    if (found.isDirectory()) throw Object.assign(new Error(path), { code: "EISDIR" });
    if (!found.isFile()) throw notRegular(path);
    return { descriptor: openSync(path, "r"), size: found.size };
  } catch (error) {
    throw error instanceof LoragError ? error : ioError(error, "open", path);
  }
}

function requireInside(name: string, size: number, offset: number, length: number): void {
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
  if (whole && offset >= 0 && length >= 0 && length <= size - offset) return;
  throw outOfFile(name, `bytes ${offset} to ${offset + length} of its ${size} were asked for`);
}

function outOfFile(name: string, what: string): LoragError {
  return new LoragError({
    code: "LORAG_OUT_OF_FILE",
    kind: "data",
    message: `${name} is shorter than its content says: ${what}`,
    next: "Fetch or make the file again; it may have been cut off, or changed while it was read.",
  });
}
