import { serveWorker } from "../platform/index.ts";
import { formats, type Format, type FormatRow } from "./formats.ts";
import type { ParsedDocument, ParseOptions } from "./parser.ts";

const methods = {
  load: async (_emit: unknown, format: Format): Promise<void> => {
    await (formats[format] as FormatRow).load!();
  },
  parse: async (
    _emit: unknown,
    format: Format,
    bytes: Uint8Array,
    name: string,
    options: ParseOptions,
  ): Promise<ParsedDocument> => (await (formats[format] as FormatRow).load!())(bytes, name, options),
};
export type ParseMethods = typeof methods;
serveWorker(methods);
