import { listCompoundStreams } from "./office/compound-file.ts";
import { formats, type Format, type FormatRow, type Sniffed } from "./formats.ts";
import { unusable } from "./parser.ts";

const rows = Object.entries(formats) as [Format, FormatRow][];

/**
 * What a file is, by its content before its name. Throws LORAG_EMPTY_DOCUMENT, LORAG_UNSUPPORTED_FORMAT or
 * LORAG_MISLABELLED.
 */
export function detectFormat(bytes: Uint8Array, name: string): Format {
  if (bytes.length === 0) {
    throw unusable("LORAG_EMPTY_DOCUMENT", "the file is empty (0 bytes)", "Remove it, or get it again.");
  }
  const extension = /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  const named = rows.find(([, row]) => row.extensions.includes(extension))?.[0];
  const file = sniff(bytes);
  const shown = rows.find(([, { recognise }]) => recognise?.(file))?.[0];
  // A damaged file shows less than its name; its parser says what is wrong with it.
  if (shown === "zip" && named && formats[named] !== formats.zip && isZipped(named)) return named;
  const format = shown ?? named;
  if (format === undefined) {
    throw unusable(
      "LORAG_UNSUPPORTED_FORMAT",
      extension === "" ? "what it holds was not recognised" : `files named .${extension} are not read`,
      "Save it as Markdown, HTML, text, PDF or DOCX.",
    );
  }
  const row: FormatRow = formats[format];
  const promise: FormatRow | undefined = named && formats[named];
  if (promise?.isBinary && (shown === undefined || !row.isBinary)) {
    throw unusable(
      "LORAG_MISLABELLED",
      `it is named .${extension}, but its content is something else, or its beginning is damaged`,
      "Get the file again, or give it the extension of what it is.",
    );
  }
  if (!row.load)
    throw unusable("LORAG_UNSUPPORTED_FORMAT", `it is ${row.what}, a format that is not read`, row.next!);
  return format;
}

const isZipped = (format: Format): boolean =>
  (formats[format] as FormatRow).isBinary === true && format !== "pdf";

function sniff(bytes: Uint8Array): Sniffed {
  const start = Buffer.from(bytes.subarray(0, 4096)).toString("latin1");
  return {
    start,
    members: start.startsWith("PK") ? listZipMembers(bytes) : [],
    streams: start.startsWith("\xd0\xcf\x11\xe0") ? listCompoundStreams(bytes) : [],
  };
}

/** Names that are looked at: more tell nothing more. */
const mostMembers = 2000;

/** From the local headers and the directory alike, so that a damaged archive shows what it was meant to be. */
function listZipMembers(bytes: Uint8Array): string[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const names: string[] = [];
  for (const [mark, fixed, lengthAt] of [
    ["PK\x03\x04", 30, 26],
    ["PK\x01\x02", 46, 28],
  ] as const) {
    for (
      let at = file.indexOf(mark, 0, "latin1");
      at >= 0 && names.length < mostMembers;
      at = file.indexOf(mark, at + 4, "latin1")
    ) {
      if (at + fixed > file.length) break;
      const name = file.toString("latin1", at + fixed, at + fixed + file.readUInt16LE(at + lengthAt));
      // A book's and an OpenDocument's first member says what the file is.
      names.push(
        name === "mimetype" ? `mimetype:${file.toString("latin1", at + fixed + 8, at + fixed + 88)}` : name,
      );
    }
  }
  return names;
}
