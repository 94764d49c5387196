import { inlineElements } from "./html-elements.ts";
import type { TextBuilder } from "./parser.ts";

/** As much of the DOM as is needed here; linkedom's nodes have it. */
export interface HtmlNode {
  nodeType: number;
  localName?: string;
  textContent: string | null;
  childNodes: Iterable<HtmlNode>;
  querySelector(selector: string): HtmlNode | null;
  querySelectorAll(selector: string): Iterable<HtmlNode>;
  remove(): void;
}

const textNode = 3;
const elementNode = 1;
const silent = new Set([
  "script",
  "style",
  "noscript",
  "template",
  "svg",
  "iframe",
  "head",
  "math-annotation",
]);
const inline = new Set([...inlineElements, "math"]);

/** Appends the text of `root` to `out`: headings as headings, a table's rows as lines of `a | b`, list items as `- x`. */
export function writeHtmlText(root: HtmlNode, out: TextBuilder): void {
  let pending = "";
  let bullet = "";
  const flush = (): void => {
    // A <br> was noted as \0, so that it survives the collapse of white space.
    const lines = pending.split("\0").map((line) => line.replace(/\s+/g, " ").trim());
    pending = "";
    const text = lines.join("\n").trim();
    if (text === "") return;
    out.block(bullet + text, bullet !== "");
    bullet = "";
  };
  const visit = (node: HtmlNode): void => {
    if (node.nodeType === textNode) pending += node.textContent ?? "";
    if (node.nodeType !== elementNode) return;
    const name = node.localName ?? "";
    if (silent.has(name)) return;
    if (inline.has(name)) return visitChildren(node);
    if (name === "br") {
      pending += "\0";
      return;
    }
    flush();
    bullet = name === "li" ? "- " : bullet;
    if (/^h[1-6]$/.test(name)) out.heading(Number(name[1]), flatText(node));
    else if (name === "table") writeTable(node, out);
    else if (name === "pre") out.block(node.textContent ?? "");
    else visitChildren(node);
    flush();
    if (name === "li") bullet = "";
  };
  const visitChildren = (node: HtmlNode): void => {
    for (const child of node.childNodes) visit(child);
  };
  visit(root);
  flush();
}

/** The text of `node` in one line: a space stands for each line break and at each block's start and end. */
export function flatText(node: HtmlNode): string {
  const collect = (part: HtmlNode): string => {
    if (part.nodeType === textNode) return part.textContent ?? "";
    if (part.nodeType !== elementNode || silent.has(part.localName ?? "")) return "";
    const text = [...part.childNodes].map(collect).join("");
    return inline.has(part.localName ?? "") ? text : ` ${text} `;
  };
  return collect(node).replace(/\s+/g, " ").trim();
}

/** A table in a cell is part of that cell's text. */
function writeTable(table: HtmlNode, out: TextBuilder): void {
  let first = true;
  for (const row of ownParts(table, rowNames)) {
    const cells = row.localName === "tr" ? [...ownParts(row, cellNames)] : [row];
    const line = cells.map(flatText).join(" | ");
    if (!/[^\s|]/.test(line)) continue;
    out.block(line, !first);
    first = false;
  }
}

// With "table", so that the text of one that stands wrongly between rows or cells is not lost.
const rowNames = new Set(["caption", "tr", "table"]);
const cellNames = new Set(["th", "td", "table"]);

/** The outermost elements in `node` that have one of the names. */
function* ownParts(node: HtmlNode, names: Set<string>): Generator<HtmlNode> {
  for (const child of node.childNodes) {
    if (names.has(child.localName ?? "")) yield child;
    else yield* ownParts(child, names);
  }
}
