import { LoragError } from "../../contracts/index.ts";
import { decodeText } from "../../documents/index.ts";
import { isUtf8Text, memorySource, type ByteSource } from "../../platform/index.ts";
import { repairEncoding } from "../checking/encoding.ts";

/** A file in another encoding is read whole: so large a one is refused as what is not UTF-8. */
const mostBytes = 1 << 28;

/**
 * A file of text as UTF-8, whatever its encoding; `guess` says how an older one was told. Throws LORAG_BINARY, and
 * LORAG_DAMAGED_TEXT for UTF-16 that was cut off. What is in no encoding, or in two, is left as it is: whoever reads it on finds the
 * line of its first bad byte.
 */
export function utf8Source(source: ByteSource): { source: ByteSource; guess?: string } {
  if (source.size > mostBytes || isUtf8Text(source)) return { source };
  const bytes = source.read(0, source.size);
  let guess: string | undefined;
  try {
    const text = decodeText(bytes, { warn: (message) => (guess = message) });
    // Some of it is UTF-8: which of the two was meant cannot be told, and one of them is wrong.
    if (guess !== undefined && repairEncoding(text) !== text) return { source };
    return { source: memorySource(Buffer.from(text), source.name), ...(guess !== undefined && { guess }) };
  } catch (error) {
    if (!(error instanceof LoragError)) throw error;
    // No UTF-8 begins with a mark of UTF-16.
    if (error.code !== "LORAG_BINARY" && bytes[0]! < 0xfe) return { source };
    const { code, kind, message, next } = error;
    throw new LoragError({
      code,
      kind,
      message: `${source.name} cannot be read: ${message}`,
      next,
      cause: error,
    });
  }
}
