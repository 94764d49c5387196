import { decodeAs } from "./decode-as.ts";
import { plausibility } from "./guess-encoding.ts";

export type UnicodeForm = "utf-8" | "utf-16le" | "utf-16be" | "utf-32le" | "utf-32be";

/** By a byte order mark. */
export function unicodeMark(bytes: Uint8Array): UnicodeForm | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 && bytes.length % 4 === 0 ? "utf-32le" : "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return "utf-32be";
  return undefined;
}

/** Two of each four bytes are zero in any text, and three in most. */
export function guessUtf32(bytes: Uint8Array): "utf-32le" | "utf-32be" | undefined {
  if (bytes.length < 8 || bytes.length % 4 !== 0) return undefined;
  const zeros = [0, 0, 0, 0];
  for (let index = 0; index < bytes.length; index++) if (bytes[index] === 0) zeros[index % 4]!++;
  const units = bytes.length / 4;
  const form =
    zeros[3] === units && zeros[2]! > units * 0.9
      ? "utf-32le"
      : zeros[0] === units && zeros[1]! > units * 0.9
        ? "utf-32be"
        : undefined;
  return form && decodeUtf32(bytes, form) !== undefined ? form : undefined;
}

/** Undefined where a unit is no character. */
export function decodeUtf32(bytes: Uint8Array, form: string): string | undefined {
  if (bytes.length % 4 !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const code = view.getUint32(at, form === "utf-32le");
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined;
    if (code !== 0xfeff) parts.push(String.fromCodePoint(code));
  }
  return parts.join("");
}

/**
 * Without a mark, UTF-16 text shows by its spaces, line ends and digits: one byte in two is zero. A text without them
 * (Chinese, a line of Russian) shows by being a likely text one way round, and not the other.
 */
export function guessUtf16(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (bytes.length < 4 || bytes.length % 2 === 1) return undefined;
  const zeros = [0, 0];
  for (let index = 0; index < bytes.length; index++) if (bytes[index] === 0) zeros[index % 2]!++;
  const pairs = bytes.length / 2;
  const form =
    zeros[1]! > pairs * 0.3 && zeros[0]! < pairs * 0.01
      ? "utf-16le"
      : zeros[0]! > pairs * 0.3 && zeros[1]! < pairs * 0.01
        ? "utf-16be"
        : undefined;
  if (form) return decodeAs(bytes, form) !== undefined ? form : undefined;
  if (zeros[0] === 0 && zeros[1] === 0 && !hasControls(bytes)) return undefined;
  const [little, big] = ["utf-16le", "utf-16be"].map((form) => {
    const text = decodeAs(bytes.subarray(0, 20_000), form);
    return text === undefined ? 0 : plausibility(text);
  });
  if (Math.max(little!, big!) < 0.6 || Math.abs(little! - big!) < 0.2) return undefined;
  return little! > big! ? "utf-16le" : "utf-16be";
}

/** No text in an encoding of bytes has them: those of Cyrillic, Greek or Arabic UTF-16 begin with one. */
function hasControls(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte < 9 || (byte > 13 && byte < 27));
}
