import { splitCode } from "./code-spans.ts";
import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";

/** A message with its keys and commands as code. */
export function markCode(line: string): Markup[] {
  return splitCode(line).map(({ text, isCode }) => (isCode ? markup`<code>${text}</code>` : markup`${text}`));
}
