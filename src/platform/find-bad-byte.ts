import { isUtf8 } from "node:buffer";

/** Where the first character begins that is not UTF-8; there must be one. Lines count from 1. */
export function findBadByte(bytes: Uint8Array): { line: number; offset: number } {
  let [line, start, end] = [1, 0, lineEnd(bytes, 0)];
  while (end < bytes.length && isUtf8(bytes.subarray(start, end))) {
    line++;
    start = end + 1;
    end = lineEnd(bytes, start);
  }
  return { line, offset: start + wholeCharacters(bytes.subarray(start, end)) };
}

/** No character of several bytes has this one in it. */
function lineEnd(bytes: Uint8Array, start: number): number {
  const end = bytes.indexOf(0x0a, start);
  return end < 0 ? bytes.length : end;
}

/** How many bytes there are of whole characters before one that is none, or is cut off. */
function wholeCharacters(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let whole = 0;
  try {
    for (let at = 0; at < bytes.length; at++) {
      // Nothing comes out before a character is whole.
      if (decoder.decode(bytes.subarray(at, at + 1), { stream: true }) !== "") whole = at + 1;
    }
  } catch {
    // It cannot become one: `whole` is before it.
  }
  return whole;
}
