import yauzl, { type ZipFile } from "yauzl";
import { LoragError } from "../contracts/index.ts";

/** What an archive may hold before it is taken for an attack or an accident. */
export interface ArchiveLimits {
  entries: number;
  /** Unpacked bytes of all entries together. */
  totalBytes: number;
  /** Unpacked to packed, for the whole archive and for each entry above 1 MiB. */
  ratio: number;
}

export const archiveLimits: ArchiveLimits = { entries: 10_000, totalBytes: 200 * 2 ** 20, ratio: 200 };

/**
 * Unpacks a zip in memory, counting the bytes that really come out, so that no declared size is believed. Returns
 * the entries by name. Refuses names that leave the folder, encrypted entries, too many entries, too many bytes and
 * extreme compression with LORAG_BAD_ARCHIVE; throws LORAG_ENCRYPTED for encrypted entries.
 * `only` picks the entries to unpack; the sizes that the others are said to have count, too.
 */
export async function readZip(
  bytes: Uint8Array,
  options: { limits?: ArchiveLimits; only?: (name: string) => boolean } = {},
): Promise<Map<string, Uint8Array>> {
  const limits = options.limits ?? archiveLimits;
  const zip = await open(bytes);
  try {
    if (zip.entryCount > limits.entries) {
      throw badArchive(`it has ${zip.entryCount} entries, more than ${limits.entries}`);
    }
    const kept = new Map<string, Uint8Array>();
    const names = new Set<string>();
    let declared = 0;
    let total = 0;
    let count = 0;
    for await (const entry of zip.eachEntry()) {
      if (++count > limits.entries) throw badArchive(`it has more than ${limits.entries} entries`);
      checkName(entry.fileName);
      if (entry.isEncrypted()) throw encrypted(entry.fileName);
      if (entry.fileName.endsWith("/")) continue;
      const check = (size: number, total: number): void => {
        if (total > limits.totalBytes) throw badArchive(`it unpacks to more than ${limits.totalBytes} bytes`);
        if (total > 2 ** 20 && total > bytes.length * limits.ratio) {
          throw badArchive(`it unpacks to more than ${limits.ratio} times its size`);
        }
        if (size > 2 ** 20 && size > entry.compressedSize * limits.ratio) {
          throw badArchive(`${entry.fileName} unpacks to more than ${limits.ratio} times its size`);
        }
      };
      // What is told is not believed, but taken at its word where it tells too much.
      declared += entry.uncompressedSize;
      check(entry.uncompressedSize, declared);
      if (names.has(entry.fileName)) throw badArchive(`it has two entries named ${entry.fileName}`);
      names.add(entry.fileName);
      // What is not asked for stays packed, and so does no harm.
      if (options.only?.(entry.fileName) === false) continue;
      const pieces: Uint8Array[] = [];
      let size = 0;
      for await (const piece of await zip.openReadStreamPromise(entry)) {
        size += (piece as Uint8Array).length;
        total += (piece as Uint8Array).length;
        check(size, total);
        pieces.push(piece as Uint8Array);
      }
      kept.set(entry.fileName, Buffer.concat(pieces));
    }
    return kept;
  } catch (error) {
    if (error instanceof LoragError) throw error;
    throw badArchive(error instanceof Error ? error.message : String(error), error);
  } finally {
    zip.close();
  }
}

async function open(bytes: Uint8Array): Promise<ZipFile> {
  try {
    return await yauzl.fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), {
      lazyEntries: true,
      strictFileNames: false,
      validateEntrySizes: true,
      decodeStrings: true,
    });
  } catch (error) {
    throw badArchive(error instanceof Error ? error.message : String(error), error);
  }
}

function checkName(name: string): void {
  const parts = name.split(/[\\/]/);
  if (parts.includes("..") || /^[\\/]|^[a-z]:|\0/i.test(name)) {
    throw badArchive(`the entry ${JSON.stringify(name)} leads out of the archive`);
  }
}

function encrypted(name: string): LoragError {
  return new LoragError({
    code: "LORAG_ENCRYPTED",
    kind: "data",
    message: `The archive is encrypted (entry ${name})`,
    next: "Save a copy without a password and use that.",
  });
}

function badArchive(what: string, cause?: unknown): LoragError {
  return new LoragError({
    code: "LORAG_BAD_ARCHIVE",
    kind: "data",
    message: `The zip archive was refused: ${what}`,
    next: "Open the file in its own program and save it again; if it came from someone else, do not trust it.",
    ...(cause !== undefined && { cause }),
  });
}
