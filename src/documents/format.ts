import { unusable } from "./parser.ts";

export type Format = "markdown" | "html" | "text" | "pdf" | "docx";

const textExtensions = new Set(["", "txt", "text", "log", "rst", "adoc", "org", "tex"]);
const markdownExtensions = new Set(["md", "markdown", "mdown", "mdx"]);
const htmlExtensions = new Set(["html", "htm", "xhtml"]);
/** Names that promise a binary format: text found in such a file is an error page or a mix-up, not the document. */
const binaryExtensions = new Set(["pdf", "docx"]);

const unsupported: Record<string, string> = {
  csv: "a CSV table",
  doc: "an old Word document",
  eml: "an e-mail message",
  epub: "an EPUB book",
  json: "a JSON data",
  jsonl: "a JSON lines",
  msg: "an Outlook message",
  odt: "an OpenDocument text",
  ppt: "an old PowerPoint presentation",
  pptx: "a PowerPoint presentation",
  rtf: "a RTF document",
  tsv: "a TSV table",
  xls: "an old Excel workbook",
  xlsx: "an Excel workbook",
  xml: "an XML data",
  zip: "a zip archive",
};

/**
 * What a file is, by its first bytes before its name. Throws LORAG_EMPTY_DOCUMENT, LORAG_ENCRYPTED,
 * LORAG_UNSUPPORTED_FORMAT or LORAG_MISLABELLED.
 */
export function detectFormat(bytes: Uint8Array, name: string): Format {
  const extension = /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  if (bytes.length === 0) {
    throw unusable("LORAG_EMPTY_DOCUMENT", "the file is empty (0 bytes)", "Remove it, or get it again.");
  }
  const start = Buffer.from(bytes.subarray(0, 4096)).toString("latin1");
  if (start.slice(0, 1024).includes("%PDF-")) return "pdf";
  if (start.startsWith("PK\x03\x04") || start.startsWith("PK\x05\x06")) return zipFormat(bytes, extension);
  if (start.startsWith("\xd0\xcf\x11\xe0")) throw compoundFile(bytes, extension);
  if (start.startsWith("{\\rtf")) throw unsupportedFormat("rtf");
  if (binaryExtensions.has(extension)) {
    throw unusable(
      "LORAG_MISLABELLED",
      `it is named .${extension}, but its content is something else, or its beginning is damaged`,
      "Get the file again, or give it the extension of what it is.",
    );
  }
  if (htmlExtensions.has(extension) || /^(\xef\xbb\xbf)?\s*(<!doctype html|<html[\s>])/i.test(start))
    return "html";
  if (markdownExtensions.has(extension)) return "markdown";
  if (textExtensions.has(extension)) return "text";
  throw unsupportedFormat(extension);
}

/** A zip's directory lies at its end; the member names are plain there and in the local headers. */
function zipFormat(bytes: Uint8Array, extension: string): Format {
  const has = (member: string): boolean =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(member);
  if (has("word/document")) return "docx";
  if (has("ppt/presentation")) throw unsupportedFormat("pptx");
  if (has("xl/workbook")) throw unsupportedFormat("xlsx");
  if (has("mimetypeapplication/epub+zip")) throw unsupportedFormat("epub");
  if (has("mimetypeapplication/vnd.oasis.opendocument.text")) throw unsupportedFormat("odt");
  if (extension === "docx") return "docx"; // its parser says what is wrong with it
  throw unsupportedFormat(extension in unsupported ? extension : "zip");
}

/** Microsoft's compound files hold the old formats, and the new ones when encrypted. */
function compoundFile(bytes: Uint8Array, extension: string): Error {
  const stream = Buffer.from("EncryptedPackage", "utf16le");
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(stream)) {
    return unusable("LORAG_ENCRYPTED", "it is encrypted", "Save a copy without a password and use that.");
  }
  return unsupportedFormat(extension in unsupported ? extension : "doc");
}

function unsupportedFormat(extension: string): Error {
  const what = unsupported[extension];
  return unusable(
    "LORAG_UNSUPPORTED_FORMAT",
    what
      ? `it is ${what} (.${extension}), a format that is not read`
      : `files named .${extension} are not read`,
    "Save it as Markdown, HTML, text, PDF or DOCX.",
  );
}
