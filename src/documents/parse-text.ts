import { cleanText, requireText, titleFromName, type Parse } from "./parser.ts";
import { decodeText } from "./text-encoding.ts";

/** Plain text has no structure that can be trusted: no headings, and the file's name for a title. */
export const parseText: Parse = (bytes, name) =>
  requireText({ title: titleFromName(name), text: cleanText(decodeText(bytes)), headings: [] });
