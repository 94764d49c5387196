import { serveWorker } from "../platform/index.ts";
import type { ParsedDocument } from "./parser.ts";

/** Each parser is loaded when first needed: pdf.js alone takes a second. */
const methods = {
  pdf: async (_emit: unknown, bytes: Uint8Array, name: string): Promise<ParsedDocument> =>
    (await import("./parse-pdf.ts")).parsePdf(bytes, name),
  docx: async (_emit: unknown, bytes: Uint8Array, name: string): Promise<ParsedDocument> =>
    (await import("./parse-docx.ts")).parseDocx(bytes, name),
  html: async (_emit: unknown, bytes: Uint8Array, name: string): Promise<ParsedDocument> =>
    (await import("./parse-html.ts")).parseHtml(bytes, name),
};
export type ParseMethods = typeof methods;
serveWorker(methods);
