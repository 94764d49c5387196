import { requireText, type Parse } from "../parser.ts";
import { cleanText } from "./clean-text.ts";
import { decodeText } from "./text-encoding.ts";

/** Source code stays as it is, and is called by its path: what a name stands for in code is often there alone. */
export const parseCode: Parse = (bytes, name) => {
  const warnings: string[] = [];
  const text = cleanText(decodeText(bytes, { warn: (message) => warnings.push(message) }));
  return requireText({
    title: name,
    text,
    headings: [],
    blocks: [{ kind: "code", start: 0, end: text.length }],
    ...(warnings.length > 0 && { warnings }),
  });
};
