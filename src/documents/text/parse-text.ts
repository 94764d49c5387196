import { requireText, titleFromName, type Parse } from "../parser.ts";
import { cleanText } from "./clean-text.ts";
import { decodeText } from "./text-encoding.ts";

/** Plain text has no structure that can be trusted: no headings, and the file's name for a title. */
export const parseText: Parse = (bytes, name) => {
  const warnings: string[] = [];
  const text = cleanText(decodeText(bytes, { warn: (message) => warnings.push(message) }));
  return requireText({
    title: titleFromName(name),
    text,
    headings: [],
    ...(warnings.length > 0 && { warnings }),
  });
};
