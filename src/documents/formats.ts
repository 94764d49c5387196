import type { Parse } from "./parser.ts";

/** What a file's first bytes, and the names in its directory where it has one, tell of it. */
export interface Sniffed {
  /** The first bytes, each as one character. */
  start: string;
  /** Names of a zip's members. */
  members: string[];
  /** Names of the streams in one of Microsoft's compound files. */
  streams: string[];
}

export interface FormatRow {
  /** As in "it is …". */
  what: string;
  extensions: string[];
  /** Whether the content shows it. Rows are asked in order. */
  recognise?: (file: Sniffed) => boolean;
  /** Loaded when first needed: pdf.js alone takes a second. Absent for what is not read. */
  load?: () => Promise<Parse>;
  /** What to do with a file that is not read. */
  next?: string;
  /** A name that promises binary content: text in such a file is an error page or a mix-up, not the document. */
  isBinary?: boolean;
}

const has = (names: string[], pattern: RegExp): boolean => names.some((name) => pattern.test(name));
const saveAs = "Save it as PDF, DOCX, HTML, Markdown or text.";

/** Every format by name. A parser is one file and one row. */
export const formats = {
  pdf: {
    what: "a PDF",
    extensions: ["pdf"],
    isBinary: true,
    recognise: ({ start }) => start.slice(0, 1024).includes("%PDF-"),
    load: async () => (await import("./pdf/parse-pdf.ts")).parsePdf,
  },
  docx: {
    what: "a Word document",
    extensions: ["docx", "docm", "dotx"],
    isBinary: true,
    recognise: ({ members }) => has(members, /^word\/document/i),
    load: async () => (await import("./office/parse-docx.ts")).parseDocx,
  },
  encrypted: {
    what: "an encrypted Office document",
    extensions: [],
    isBinary: true,
    recognise: ({ streams }) => has(streams, /^EncryptedPackage$/),
    load: async () => (await import("./office/parse-encrypted.ts")).parseEncrypted,
  },
  xlsx: {
    what: "an Excel workbook",
    extensions: ["xlsx", "xlsm"],
    isBinary: true,
    recognise: ({ members }) => has(members, /^xl\/workbook\.xml/i),
    load: async () => (await import("./office/parse-xlsx.ts")).parseXlsx,
  },
  xlsb: {
    what: "a binary Excel workbook",
    extensions: ["xlsb"],
    isBinary: true,
    recognise: ({ members }) => has(members, /^xl\/workbook\.bin/i),
    next: "Save it as .xlsx.",
  },
  pptx: {
    what: "a PowerPoint presentation",
    extensions: ["pptx", "pptm", "ppsx"],
    isBinary: true,
    recognise: ({ members }) => has(members, /^ppt\/presentation/i),
    load: async () => (await import("./office/parse-pptx.ts")).parsePptx,
  },
  odf: {
    what: "an OpenDocument file",
    extensions: ["odt", "ott", "ods", "odp"],
    isBinary: true,
    recognise: ({ members }) => has(members, /^mimetype:application\/vnd\.oasis\.opendocument/),
    load: async () => (await import("./office/parse-odf.ts")).parseOdf,
  },
  epub: {
    what: "an EPUB book",
    extensions: ["epub"],
    isBinary: true,
    recognise: ({ members }) =>
      has(members, /^mimetype:application\/epub\+zip/) ||
      (has(members, /^META-INF\/container\.xml$/) && has(members, /\.opf$/i)),
    load: async () => (await import("./office/parse-epub.ts")).parseEpub,
  },
  msg: {
    what: "an Outlook message",
    extensions: ["msg"],
    isBinary: true,
    recognise: ({ streams }) => has(streams, /^__properties_version1\.0$/),
    load: async () => (await import("./mail/parse-msg.ts")).parseMsg,
  },
  doc: {
    what: "an old Word document",
    extensions: ["doc", "dot"],
    isBinary: true,
    recognise: ({ streams }) => has(streams, /^WordDocument$/),
    next: "Save it as .docx.",
  },
  xls: {
    what: "an old Excel workbook",
    extensions: ["xls"],
    isBinary: true,
    recognise: ({ streams }) => has(streams, /^(?:Workbook|Book)$/),
    next: "Save it as .xlsx.",
  },
  ppt: {
    what: "an old PowerPoint presentation",
    extensions: ["ppt"],
    isBinary: true,
    recognise: ({ streams }) => has(streams, /^PowerPoint Document$/),
    next: "Save it as .pptx.",
  },
  html: {
    what: "an HTML page",
    extensions: ["html", "htm", "xhtml"],
    recognise: ({ start }) =>
      /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[^]{0,2000}?-->\s*)*(?:<!doctype html|<html[\s>])/i.test(
        start,
      ),
    load: async () => (await import("./html/parse-html.ts")).parseHtml,
  },
  rtf: {
    what: "an RTF document",
    extensions: ["rtf"],
    recognise: ({ start }) => start.startsWith("{\\rtf"),
    next: saveAs,
  },
  eml: {
    what: "an e-mail message",
    extensions: ["eml"],
    load: async () => (await import("./mail/parse-eml.ts")).parseEml,
  },
  notebook: {
    what: "a notebook",
    extensions: ["ipynb"],
    load: async () => (await import("./records/parse-notebook.ts")).parseNotebook,
  },
  json: {
    what: "JSON",
    extensions: ["json", "geojson"],
    load: async () => (await import("./records/parse-json.ts")).parseJson,
  },
  jsonLines: {
    what: "lines of JSON",
    extensions: ["jsonl", "ndjson"],
    load: async () => (await import("./records/parse-json.ts")).parseJsonLines,
  },
  csv: {
    what: "a table",
    extensions: ["csv", "tsv", "tab"],
    load: async () => (await import("./records/parse-csv.ts")).parseCsv,
  },
  xml: {
    what: "XML",
    extensions: ["xml", "cnxml", "dita", "ditamap", "tei", "dbk", "docbook", "rss", "atom", "nxml", "fb2"],
    recognise: ({ start }) => /^(?:\xef\xbb\xbf)?\s*<\?xml\s/.test(start),
    load: async () => (await import("./records/parse-xml.ts")).parseXml,
  },
  markdown: {
    what: "Markdown",
    extensions: ["md", "markdown", "mdown", "mdx", "mkd"],
    load: async () => (await import("./markdown/parse-markdown.ts")).parseMarkdown,
  },
  text: {
    what: "text",
    extensions: [
      "",
      "txt",
      "text",
      "log",
      "rst",
      "adoc",
      "asciidoc",
      "org",
      "tex",
      "srt",
      "vtt",
      "yaml",
      "yml",
      "toml",
      "ini",
      "cfg",
      "conf",
    ],
    load: async () => (await import("./text/parse-text.ts")).parseText,
  },
  code: {
    what: "source code",
    extensions:
      "bash c cc cpp cs css go h hpp java jl js jsx kt lua mjs php pl ps1 py r rb rs scala scss sh sql swift ts tsx vue".split(
        " ",
      ),
    load: async () => (await import("./text/parse-code.ts")).parseCode,
  },
  zip: {
    what: "a zip archive",
    extensions: ["zip"],
    isBinary: true,
    recognise: ({ members, start }) =>
      members.length > 0 || start.startsWith("PK\x03\x04") || start.startsWith("PK\x05\x06"),
    next: "Unpack it into the documents folder.",
  },
} satisfies Record<string, FormatRow>;
export type Format = keyof typeof formats;
