import { unusable } from "./parser.ts";

/**
 * Bytes of a text file to a string: UTF-8, UTF-16 with or without a byte order mark, `declared` (by an HTML page),
 * or Windows-1252, which holds Latin-1. Throws LORAG_BINARY, LORAG_UNKNOWN_ENCODING, LORAG_DAMAGED_TEXT
 * rather than return wrong characters.
 */
export function decodeText(bytes: Uint8Array, declared?: string): string {
  const mark = byteOrderMark(bytes);
  if (mark === "utf-32") throw unknownEncoding("it is UTF-32");
  if (mark) return decode(bytes, mark);
  const utf16 = guessUtf16(bytes);
  if (utf16) return decode(bytes, utf16);
  if (controlShare(bytes) > 0.005) {
    throw unusable(
      "LORAG_BINARY",
      "its content is binary data, not text",
      "Remove it, or convert it to text.",
    );
  }
  const utf8 = tryDecode(bytes, "utf-8");
  if (utf8 !== undefined) return utf8;
  const damage = damagedUtf8(bytes);
  if (damage !== undefined) {
    throw unusable(
      "LORAG_DAMAGED_TEXT",
      `it is UTF-8 text, damaged or cut off at byte ${damage}`,
      "Get the file again, or repair it in an editor and save it as UTF-8.",
    );
  }
  if (declared && !/^utf-?8$/i.test(declared)) {
    const text = tryDecode(bytes, declared);
    if (text !== undefined) return text;
  }
  if (!looksLikeWindows1252(bytes)) {
    throw unknownEncoding("it is neither UTF-8, UTF-16 nor Western European (Windows-1252)");
  }
  return decodeWindows1252(bytes);
}

function unknownEncoding(what: string): Error {
  return unusable(
    "LORAG_UNKNOWN_ENCODING",
    `its character encoding was not recognised: ${what}`,
    "Save it as UTF-8.",
  );
}

function byteOrderMark(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" | "utf-32" | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 && bytes.length % 4 === 0 ? "utf-32" : "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return "utf-32";
  return undefined;
}

/** Without a mark, UTF-16 text in most scripts shows by its spaces, line ends and digits: one byte in two is zero. */
function guessUtf16(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (bytes.length < 4 || bytes.length % 2 === 1) return undefined;
  const zeros = [0, 0];
  for (let index = 0; index < bytes.length; index++) if (bytes[index] === 0) zeros[index % 2]!++;
  const pairs = bytes.length / 2;
  const encoding =
    zeros[1]! > pairs * 0.3 && zeros[0]! < pairs * 0.01
      ? "utf-16le"
      : zeros[0]! > pairs * 0.3 && zeros[1]! < pairs * 0.01
        ? "utf-16be"
        : undefined;
  return encoding && tryDecode(bytes, encoding) !== undefined ? encoding : undefined;
}

function controlShare(bytes: Uint8Array): number {
  let controls = 0;
  for (const byte of bytes) if (byte < 32 && (byte < 9 || byte > 13) && byte !== 27) controls++;
  return bytes.length === 0 ? 0 : controls / bytes.length;
}

function tryDecode(bytes: Uint8Array, encoding: string): string | undefined {
  if (/^(windows-1252|cp1252|iso-?8859-1|latin-?1|us-ascii|ascii)$/i.test(encoding))
    return decodeWindows1252(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined; // not in this encoding, or no encoding of this name
  }
}

/** Codes 0x80 to 0x9f; the rest of Windows-1252 is Latin-1. */
const windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/** By hand, since Node 20's TextDecoder takes these labels for Latin-1 and so makes control characters of quotes. */
function decodeWindows1252(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  return latin1.replace(/[\u0080-\u009f]/g, (character) => windows1252[character.charCodeAt(0) - 0x80]!);
}

function decode(bytes: Uint8Array, encoding: string): string {
  const text = tryDecode(bytes, encoding);
  if (text !== undefined) return text;
  throw unusable(
    "LORAG_DAMAGED_TEXT",
    `it is marked as ${encoding.toUpperCase()}, but is damaged or cut off`,
    "Get the file again, or repair it in an editor and save it as UTF-8.",
  );
}

/** Where UTF-8 breaks in a text that is UTF-8 for the most part; undefined where it is something else. */
function damagedUtf8(bytes: Uint8Array): number | undefined {
  let valid = 0;
  let invalid = 0;
  let first: number | undefined;
  for (let index = 0; index < bytes.length;) {
    const byte = bytes[index]!;
    const length =
      byte < 0x80 ? 1 : byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 0;
    let whole = length > 0;
    for (let next = 1; next < length; next++) whole &&= (bytes[index + next] ?? 0) >> 6 === 2;
    if (length > 1 && whole) valid++;
    if (!whole) {
      invalid++;
      first ??= index;
    }
    index += whole ? length : 1;
  }
  return valid > invalid * 4 ? first : undefined;
}

/**
 * Any bytes are Windows-1252 to a decoder, so ask more: none of its five unused codes, and mostly ASCII letters and
 * spaces, as in Western European languages. (Cyrillic, Greek, Arabic or EBCDIC bytes fail this.)
 */
function looksLikeWindows1252(bytes: Uint8Array): boolean {
  let plain = 0;
  for (const byte of bytes) {
    if (byte === 0x81 || byte === 0x8d || byte === 0x8f || byte === 0x90 || byte === 0x9d) return false;
    if (byte === 0x20 || byte === 0x0a || ((byte | 0x20) - 0x61) >>> 0 < 26 || (byte >= 0x30 && byte <= 0x39))
      plain++;
  }
  return plain > bytes.length * 0.6;
}
