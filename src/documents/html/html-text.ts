import type { TextBuilder } from "../text/text-builder.ts";
import { flatText, inlineText, isInline, type InlineReader } from "./html-inline.ts";
import { attribute, isElement, isText, silentElements, type HtmlNode } from "./html-node.ts";
import { isLayoutTable, readHtmlTable } from "./html-table.ts";
import { listMark, type List } from "../text/list-mark.ts";

/** Appends the text of `root` to `out`: headings as headings, a table's rows as lines of `a | b`, list items with their marks. */
export function writeHtmlText(root: HtmlNode, out: TextBuilder): void {
  let pending = "";
  let mark = "";
  const lists: List[] = [];
  const reader: InlineReader = {
    link: (href, text) => out.link(href, text),
    warn: (message) => out.warn(message),
  };
  const flush = (): void => {
    // A <br> was noted as \0, so that it survives the collapse of white space.
    const lines = pending.split("\0").map((line) => line.replace(/\s+/g, " ").trim());
    pending = "";
    const text = lines.join("\n").trim();
    if (text === "") return;
    if (mark === "") out.block(text);
    else out.item(mark, text);
    mark = "";
  };
  const visit = (node: HtmlNode): void => {
    if (isText(node)) pending += node.textContent ?? "";
    if (!isElement(node)) return;
    const name = node.localName ?? "";
    if (name === "iframe")
      out.warn(`An embedded page was not read: ${attribute(node, "src").slice(0, 200)}.`);
    if (silentElements.has(name)) return;
    const display = /display\s*:\s*([a-z-]+)/i.exec(attribute(node, "style"))?.[1]?.toLowerCase() ?? "";
    if (isInline(node, display)) return visitInline(node);
    if (name === "br") {
      pending += "\0";
      return;
    }
    flush();
    if (name === "dd") mark = "  ";
    if (/^h[1-6]$/.test(name)) out.heading(Number(name[1]), flatText(node, reader));
    else if (name === "table" && !isLayoutTable(node))
      out.table(readHtmlTable(node, (cell) => flatText(cell, reader)));
    else if (name === "pre") out.code(codeText(node));
    else if (name === "ol" || name === "ul" || name === "menu") visitList(node);
    else if (name === "li") visitItem(node);
    else visitChildren(node);
    flush();
  };
  const visitInline = (node: HtmlNode): void => {
    if (node.localName === "code" && pending !== "" && previousIsCode(node)) pending += "\0";
    const own = inlineText(node, pending, (inner) => flatWithin(inner), reader);
    if (own === undefined) visitChildren(node);
    else pending += own;
  };
  // Blocks may stand inside a link; there they make spaces.
  const flatWithin = (inner: HtmlNode): string => {
    const text = flatText(inner, reader);
    const raw = inner.textContent ?? "";
    return `${/^\s/.test(raw) ? " " : ""}${text}${/\s$/.test(raw) ? " " : ""}`;
  };
  const visitList = (node: HtmlNode): void => {
    const start = Number.parseInt(attribute(node, "start"), 10);
    const reversed = node.localName === "ol" && node.getAttribute("reversed") !== null;
    const items = [...node.childNodes].filter(({ localName }) => localName === "li").length;
    lists.push({
      ordered: node.localName === "ol",
      next: Number.isNaN(start) ? (reversed ? items : 1) : start,
      step: reversed ? -1 : 1,
      style:
        attribute(node, "type") ||
        (/list-style(?:-type)?\s*:[^;]*?((?:lower|upper)-(?:alpha|latin|roman))/i.exec(
          attribute(node, "style"),
        )?.[1] ??
          ""),
    });
    visitChildren(node);
    flush();
    lists.pop();
  };
  const visitItem = (node: HtmlNode): void => {
    const list = lists.at(-1);
    const value = Number.parseInt(attribute(node, "value"), 10);
    if (list && !Number.isNaN(value)) list.next = value;
    mark = "  ".repeat(Math.max(0, lists.length - 1)) + listMark(list);
    visitChildren(node);
    flush();
    mark = "";
  };
  const visitChildren = (node: HtmlNode): void => {
    for (const child of node.childNodes) visit(child);
  };
  visit(root);
  flush();
}

/** Two pieces of code side by side are two lines, where nothing but they is there. */
function previousIsCode(node: HtmlNode): boolean {
  let previous: HtmlNode | undefined;
  for (const sibling of node.parentNode?.childNodes ?? []) {
    if (sibling === node) return previous?.localName === "code";
    if (!isText(sibling) || (sibling.textContent ?? "").trim() !== "") previous = sibling;
    else if (previous?.localName === "code" && /^[^\n]+$/.test(sibling.textContent ?? ""))
      previous = undefined;
  }
  return false;
}

/** What is in a `<pre>`, its blocks and breaks as line ends. */
function codeText(node: HtmlNode): string {
  let text = "";
  const lineEnd = (): void => {
    if (text !== "" && !text.endsWith("\n")) text += "\n";
  };
  const collect = (part: HtmlNode): void => {
    let previous = "";
    for (const child of part.childNodes) {
      const name = child.localName ?? "";
      if (isText(child)) text += child.textContent ?? "";
      else if (name === "br") text += "\n";
      else if (isElement(child) && !silentElements.has(name)) {
        const isBlock = !isInline(
          child,
          /display\s*:\s*([a-z-]+)/i.exec(attribute(child, "style"))?.[1]?.toLowerCase() ?? "",
        );
        if (isBlock || (name === "code" && previous === "code")) lineEnd();
        collect(child);
        if (isBlock) lineEnd();
      }
      previous = name;
    }
  };
  collect(node);
  return text;
}
