import { isUtf8 } from "node:buffer";
import { LoragError } from "../contracts/index.ts";
import type { ByteSource } from "./byte-source.ts";
import { findBadByte } from "./find-bad-byte.ts";

const pieceBytes = 1 << 20;

/**
 * A file's text in pieces of about a megabyte, so that a file need not fit into memory; a byte order mark is dropped.
 * Throws LORAG_NOT_UTF8, naming the line, rather than reading wrong characters.
 */
export function* textPieces(source: ByteSource): Generator<string> {
  let line = 1;
  for (const { piece, offset } of bytePieces(source)) {
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: offset > 0 }).decode(piece);
    } catch (cause) {
      const bad = findBadByte(piece);
      throw notUtf8(source.name, line - 1 + bad.line, offset + bad.offset, piece[bad.offset]!, cause);
    }
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) line++;
    yield text;
  }
}

/** Whether a file may be read with `textPieces`: it is UTF-8, and no UTF-16, in which each other byte is zero. */
export function isUtf8Text(source: ByteSource): boolean {
  for (const { piece } of bytePieces(source)) if (piece.includes(0) || !isUtf8(piece)) return false;
  return true;
}

/** None of them ends within a character, where they are UTF-8. */
function* bytePieces(source: ByteSource): Generator<{ piece: Uint8Array; offset: number }> {
  let offset = 0;
  while (offset < source.size) {
    const bytes = source.read(offset, Math.min(pieceBytes, source.size - offset));
    const atEnd = offset + bytes.length === source.size;
    const piece = atEnd ? bytes : bytes.subarray(0, wholeCharacters(bytes));
    yield { piece, offset };
    offset += piece.length;
  }
}

/** How many bytes come before a last character that may be cut off. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 4 && back < bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) return bytes.length - back;
  }
  return bytes.length;
}

export function notUtf8(
  name: string,
  line: number,
  offset: number,
  byte: number,
  cause: unknown,
): LoragError {
  const shown = `0x${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  return new LoragError({
    code: "LORAG_NOT_UTF8",
    kind: "data",
    message: `${name} is not UTF-8 text: line ${line} has the byte ${shown}, at offset ${offset} of the file`,
    next: "Save it as UTF-8 and run the command again.",
    cause,
  });
}
