import { serveWorker } from "../platform/index.ts";
import type { ParsedDocument } from "./parser.ts";

/** Each parser is loaded when first needed: pdf.js alone takes a second. */
const parsers = {
  pdf: async () => (await import("./parse-pdf.ts")).parsePdf,
  docx: async () => (await import("./parse-docx.ts")).parseDocx,
  html: async () => (await import("./parse-html.ts")).parseHtml,
};
type WorkerFormat = keyof typeof parsers;

const methods = {
  load: async (_emit: unknown, format: WorkerFormat): Promise<void> => {
    await parsers[format]();
  },
  parse: async (
    _emit: unknown,
    format: WorkerFormat,
    bytes: Uint8Array,
    name: string,
  ): Promise<ParsedDocument> => (await parsers[format]())(bytes, name),
};
export type ParseMethods = typeof methods;
serveWorker(methods);
