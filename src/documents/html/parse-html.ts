import { requireText, titleFromName, type Parse } from "../parser.ts";
import { cleanText, oneLine } from "../text/clean-text.ts";
import { decodeText } from "../text/text-encoding.ts";
import { TextBuilder } from "../text/text-builder.ts";
import { dropHiddenText } from "./hidden-text.ts";
import { flatText } from "./html-inline.ts";
import type { HtmlNode } from "./html-node.ts";
import { writeHtmlText } from "./html-text.ts";
import { mainContent } from "./main-content.ts";
import { openPage } from "./open-page.ts";

/** A page's main content; its title is its only `<h1>`, else its `<title>`. */
export const parseHtml: Parse = (bytes, name, { keepHidden }) => {
  const out = new TextBuilder();
  const source = cleanText(
    decodeText(bytes, { declared: declaredEncoding(bytes), warn: (told) => out.warn(told) }),
  );
  const page = openPage(source);
  const body = page.querySelector("body")!;
  const headline = headlineOf(page, body);
  if (!keepHidden) dropHiddenText(page, out);
  for (const part of mainContent(body, out)) writeHtmlText(part, out);
  return requireText(out.finish(headline === "" ? titleFromName(name) : headline));
};

function headlineOf(page: HtmlNode, body: HtmlNode): string {
  const headings = [...body.querySelectorAll("h1")];
  const silent = { link: (_href: string, text: string) => text, warn: () => {} };
  const only = headings.length === 1 ? flatText(headings[0]!, silent) : "";
  return only === "" ? oneLine(page.querySelector("title")?.textContent ?? "") : only;
}

/** By its `<meta>`, or its XML declaration. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 4096)).toString("latin1");
  const inMeta = /<meta[^>]+charset\s*=\s*["']?\s*([\w:.-]+)/i.exec(start)?.[1];
  return inMeta ?? /^\s*<\?xml[^>]+encoding\s*=\s*["']([\w:.-]+)["']/i.exec(start)?.[1];
}
