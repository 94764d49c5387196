import type { ParsedDocument } from "../parser.ts";
import { TextBuilder } from "../text/text-builder.ts";
import { dropHiddenText } from "./hidden-text.ts";
import { openPage } from "./open-page.ts";
import { writeHtmlText } from "./html-text.ts";

/** HTML that stands in a file of another format, as text. */
export function readTableSource(source: string, keepHidden: boolean): ParsedDocument {
  const out = new TextBuilder();
  const page = openPage(source);
  if (!keepHidden) dropHiddenText(page, out);
  writeHtmlText(page.querySelector("body")!, out);
  return out.finish("");
}
