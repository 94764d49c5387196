import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { temporaryName } from "./atomic.ts";
import { cacheFolder } from "./cache-folder.ts";
import { ioError } from "./io-error.ts";

/** Texts that are too many for memory, kept in a file that is gone when the process ends; of each, 8 bytes stay. */
export interface RowFile {
  readonly length: number;
  append(text: string): void;
  at(index: number): string | undefined;
  close(): void;
}

const bufferBytes = 1 << 20;
/** Read at once, as the next text is most often the next one asked for. */
const windowBytes = 1 << 16;

/** Throws LORAG_DISK_FULL and the like, from `append` as well. The file lies in the cache folder: `/tmp` may be memory. */
export function createRowFile(): RowFile {
  const path = temporaryName(join(cacheFolder(), "rows"));
  const descriptor = withPath(path, () => {
    mkdirSync(cacheFolder(), { recursive: true });
    return openSync(path, "wx+");
  });
  // Where an open file cannot be removed, it is when it is closed.
  if (process.platform !== "win32") rmSync(path);
  let ends = new Float64Array(1024);
  let length = 0;
  let pending: Buffer[] = [];
  let [written, waiting] = [0, 0];
  let window = { start: 0, bytes: Buffer.alloc(0) };

  const flush = (): void => {
    const bytes = Buffer.concat(pending);
    withPath(path, () => {
      for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
    });
    written += bytes.length;
    [pending, waiting] = [[], 0];
  };
  const read = (start: number, end: number): Buffer => {
    const { start: from, bytes } = window;
    if (start >= from && end <= from + bytes.length) return bytes.subarray(start - from, end - from);
    if (end > written) flush();
    const wanted = Buffer.allocUnsafe(Math.min(Math.max(end - start, windowBytes), written - start));
    withPath(path, () => {
      for (let done = 0; done < wanted.length;) {
        const count = readSync(descriptor, wanted, done, wanted.length - done, start + done);
        if (count === 0) throw new Error("it was cut off");
        done += count;
      }
    });
    window = { start, bytes: wanted };
    return wanted.subarray(0, end - start);
  };
  return {
    get length() {
      return length;
    },
    append(text) {
      const bytes = Buffer.from(text);
      if (length === ends.length) {
        const longer = new Float64Array(2 * length);
        longer.set(ends);
        ends = longer;
      }
      ends[length] = (ends[length - 1] ?? 0) + bytes.length;
      length++;
      pending.push(bytes);
      waiting += bytes.length;
      if (waiting >= bufferBytes) flush();
    },
    at: (index) =>
      index >= 0 && index < length ? read(ends[index - 1] ?? 0, ends[index]!).toString("utf8") : undefined,
    close: () => {
      closeSync(descriptor);
      rmSync(path, { force: true });
    },
  };
}

function withPath<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw ioError(error, "write", path);
  }
}
