import { unusable } from "../parser.ts";
import { guessEncoding, plausibility } from "./guess-encoding.ts";
import { decodeUtf32, guessUtf16, guessUtf32, unicodeMark } from "./unicode-forms.ts";
import { decodeAs } from "./decode-as.ts";

export interface DecodeOptions {
  /** The encoding that the file names for itself. */
  declared?: string | undefined;
  /** Told where the encoding had to be guessed. */
  warn?: (message: string) => void;
}

/**
 * Bytes of a text file to a string: UTF-8, UTF-16 and UTF-32 with or without a byte order mark, what the file declares,
 * or the older encoding whose letters make the likeliest text. Throws LORAG_BINARY, LORAG_UNKNOWN_ENCODING and
 * LORAG_DAMAGED_TEXT rather than return wrong characters; a guess is told.
 */
export function decodeText(bytes: Uint8Array, { declared, warn = () => {} }: DecodeOptions = {}): string {
  const mark = unicodeMark(bytes);
  if (mark)
    return mark.startsWith("utf-32")
      ? damagedUnless(decodeUtf32(bytes, mark), mark)
      : decodeMarked(bytes, mark);
  const wide = guessUtf32(bytes);
  if (wide !== undefined) return damagedUnless(decodeUtf32(bytes, wide), wide);
  const utf16 = guessUtf16(bytes);
  if (utf16) return decodeMarked(bytes, utf16);
  const shifted = shiftingEncoding(bytes);
  if (shifted !== undefined) return damagedUnless(decodeAs(bytes, shifted), shifted);
  if (controlShare(bytes) > 0.005) {
    throw unusable(
      "LORAG_BINARY",
      "its content is binary data, not text",
      "Remove it, or convert it to text.",
    );
  }
  const utf8 = decodeAs(bytes, "utf-8");
  if (utf8 !== undefined) return utf8;
  const damage = damagedUtf8(bytes);
  if (damage !== undefined) {
    throw unusable(
      "LORAG_DAMAGED_TEXT",
      `it is UTF-8 text, damaged or cut off at byte ${damage}`,
      "Get the file again, or repair it in an editor and save it as UTF-8.",
    );
  }
  return decodeOlder(bytes, declared, warn);
}

/** Of the encodings before Unicode: the declared one where it makes a text at all, else the likeliest. */
function decodeOlder(
  bytes: Uint8Array,
  declared: string | undefined,
  warn: (message: string) => void,
): string {
  const guess = guessEncoding(bytes);
  const asDeclared = declared && !/^utf-?8$/i.test(declared) ? decodeAs(bytes, declared) : undefined;
  if (asDeclared !== undefined) {
    const likely = plausibility(asDeclared);
    if (likely >= 0.5 || guess === undefined) {
      if (likely >= 0.3) return asDeclared;
    } else if (guess.text === asDeclared) return asDeclared;
    if (guess !== undefined && guess.score > likely + 0.2) {
      warn(
        `It says that its encoding is ${declared}, but was read as ${guess.encoding}, in which its letters make words.`,
      );
      return guess.text;
    }
  } else if (guess !== undefined) {
    const says = declared ? `It says that its encoding is ${declared}, which it is not; ` : "";
    warn(`${says === "" ? "Its" : `${says}its`} encoding was guessed to be ${guess.encoding}.`);
    return guess.text;
  }
  throw unusable(
    "LORAG_UNKNOWN_ENCODING",
    "its character encoding was not recognised: in none of those known do its letters make words",
    "Save it as UTF-8.",
  );
}

const escape = 27;

/**
 * The encodings of ISO 2022 are ASCII to the eye: an escape says which letters the bytes after it stand for. Throws
 * LORAG_UNKNOWN_ENCODING for those that nothing here reads (Chinese and Korean).
 */
function shiftingEncoding(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 65_536));
  if (!start.includes(escape) || start.some((byte) => byte === 0 || byte >= 0x80)) return undefined;
  const shifts = start.toString("latin1").split(String.fromCharCode(escape)).slice(1);
  if (shifts.some((piece) => /^\$[@B]/u.test(piece))) return "iso-2022-jp";
  const other = shifts
    .map((piece) => /^\$\)([A-H])/u.exec(piece)?.[1])
    .find((letter) => letter !== undefined);
  if (other === undefined) return undefined;
  const name = other === "C" ? "ISO-2022-KR" : "ISO-2022-CN";
  throw unusable("LORAG_UNKNOWN_ENCODING", `its encoding is ${name}, which is not read`, "Save it as UTF-8.");
}

function controlShare(bytes: Uint8Array): number {
  let controls = 0;
  for (const byte of bytes) if (byte < 32 && (byte < 9 || byte > 13) && byte !== 27) controls++;
  return bytes.length === 0 ? 0 : controls / bytes.length;
}

function decodeMarked(bytes: Uint8Array, encoding: string): string {
  return damagedUnless(decodeAs(bytes, encoding), encoding);
}

function damagedUnless(text: string | undefined, encoding: string): string {
  if (text !== undefined) return text;
  throw unusable(
    "LORAG_DAMAGED_TEXT",
    `it is marked as ${encoding.toUpperCase()}, but is damaged or cut off`,
    "Get the file again, or repair it in an editor and save it as UTF-8.",
  );
}

/** Where UTF-8 breaks in a text at least half of whose letters beyond ASCII are UTF-8; undefined where it is something else. */
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
  return valid >= invalid ? first : undefined;
}
