import { plainLine } from "./plain-line.ts";

/** Lines that belong together: prose is cleaned, code stays, a heading's place is kept. */
export interface Block {
  kind: "prose" | "code" | "table" | "html";
  text: string;
  /** As written, with its marks. */
  heading?: { level: number; written: string };
}

/** One block for each line, and for each comment, setext heading or fenced code of several. */
export function findBlocks(source: string, { hasIndentedCode }: { hasIndentedCode: boolean }): Block[] {
  const blocks: Block[] = [];
  const lines = source.split("\n").map((line, index, all) => (index < all.length - 1 ? `${line}\n` : line));
  const lastCommentEnd = lines.findLastIndex((line) => line.includes("-->"));
  let fence: string | undefined;
  let inList = false;
  const endless = new Set<string>();
  for (let index = 0; index < lines.length; index++) {
    const written = lines[index]!;
    const line = written.replace(/\n$/, "");
    const previous = blocks.at(-1);
    if (fence !== undefined) {
      blocks.push({ kind: "code", text: written });
      if (closesFence(line, fence)) fence = undefined;
      continue;
    }
    fence = openedFence(line);
    if (fence !== undefined || (hasIndentedCode && isIndentedCode(line, previous, inList))) {
      blocks.push({ kind: "code", text: written });
      continue;
    }
    const element = /^\s*<(table|[ou]l|dl)[\s>]/i.exec(line)?.[1]?.toLowerCase();
    const elementEnd = element && !endless.has(element) ? htmlEnd(lines, index, element) : undefined;
    // What is not there once is not looked for again.
    if (element && elementEnd === undefined) endless.add(element);
    if (elementEnd !== undefined) {
      blocks.push({ kind: "html", text: lines.slice(index, elementEnd + 1).join("") });
      index = elementEnd;
      continue;
    }
    if (isTableHead(line, lines[index + 1])) {
      let end = index + 2;
      while (end < lines.length && isTableRow(lines[end]!)) end++;
      blocks.push({ kind: "table", text: lines.slice(index, end).join("") });
      index = end - 1;
      continue;
    }
    if (/^ {0,3}<!--/.test(line) && index <= lastCommentEnd) {
      // Nothing in a comment is a heading. One without an end is text.
      const first = index;
      while (!lines[index]!.includes("-->")) index++;
      blocks.push({ kind: "prose", text: lines.slice(first, index + 1).join("") });
      continue;
    }
    if (holdsIndented.test(line)) inList = true;
    else if (/^ ?\S/.test(line) && isBlank(previous)) inList = false;
    const underline = /^ {0,3}(=+|-+)[ \t]*$/.exec(line)?.[1];
    const heading = atx(line);
    const above = underline ? paragraphAbove(blocks) : "";
    if (underline && above !== "") {
      const level = underline.startsWith("=") ? 1 : 2;
      blocks.push({ kind: "prose", text: above + written, heading: { level, written: above } });
    } else if (heading) blocks.push({ kind: "prose", text: written, heading });
    else blocks.push({ kind: "prose", text: plainLine(line) + written.slice(line.length) });
  }
  return blocks;
}

/** What has its content indented under it: list items, admonitions and tabs, notes, definitions. */
const holdsIndented =
  /^ {0,3}(?:[-*+]|\d+[.)])[ \t]|^(?:!!!|\?\?\?\+?|===)[ \t]|^\[\^[^\]\n]{1,100}\]:|^ {0,2}:[ \t]/;

/** More lines than these over a rule are a paragraph, whatever a program makes of them. */
const mostHeadingLines = 4;

/** Takes the paragraph off `blocks` that an underline makes a heading of; empty where it makes none. */
function paragraphAbove(blocks: Block[]): string {
  let first = blocks.length;
  while (first > 0 && isSetextText(blocks[first - 1]!)) first--;
  const before = blocks[first - 1];
  // Of a list item or a quotation, it is a later line.
  if (before && !isBlank(before) && before.kind === "prose" && !before.heading) return "";
  if (blocks.length - first > mostHeadingLines) return "";
  return blocks
    .splice(first)
    .map(({ text }) => `${text.trim()} `)
    .join("")
    .replace(/ $/, "\n");
}

/** Fences in list items and quotations are indented or marked as those are. */
const openedFence = (line: string): string | undefined =>
  /^(?:[ \t>]|[-*+] |\d+[.)] )*(?:(`{3,})[^`]*|(~{3,}).*)$/.exec(line)?.slice(1).find(Boolean);

/** Anchors behind the closing fence are no part of CommonMark, but of many a page. */
function closesFence(line: string, fence: string): boolean {
  const mark = /^[ \t>]*(`{3,}|~{3,})(?:\s|<[^<>]*>)*$/.exec(line)?.[1];
  return mark?.startsWith(fence) ?? false;
}

const isBlank = (block: Block | undefined): boolean => block === undefined || block.text.trim() === "";

/** In a list, such an indent is that of an item's paragraphs. */
function isIndentedCode(line: string, previous: Block | undefined, inList: boolean): boolean {
  if (inList || !/^(?: {4}|\t)[ \t]*\S/.test(line)) return false;
  return isBlank(previous) || (previous?.kind === "code" && /^(?: {4}|\t)/.test(previous.text));
}

function atx(line: string): Block["heading"] {
  const match = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/.exec(line);
  if (!match) return undefined;
  const text = (match[2] ?? "").trimEnd();
  const closing = /(?:^|[ \t])#+$/.exec(text);
  return { level: match[1]!.length, written: closing ? text.slice(0, closing.index) : text };
}

/** A paragraph line: not blank, not code, a heading, a list item, a quotation or a table row. */
function isSetextText({ kind, heading, text }: Block): boolean {
  if (kind === "code" || heading || text.trim() === "" || text.trimEnd().includes("\n")) return false;
  return !/^(?: {4}|\t| {0,3}(?:[-*+>|]|=+\s*$|\d+[.)]\s))/.test(text);
}

/** A row of names, and under it one of dashes with as many cells. (GFM 0.29, 4.10.) */
function isTableHead(line: string, next: string | undefined): boolean {
  if (
    next === undefined ||
    !line.includes("|") ||
    !/^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)*\n?$/.test(next)
  )
    return false;
  return next.includes("|") && cellCount(line) === cellCount(next);
}

const isTableRow = (line: string): boolean =>
  line.trim() !== "" && line.includes("|") && !/^ {0,3}(?:#{1,6}[ \t]|```|~~~)/.test(line);

function cellCount(row: string): number {
  const inner = row.trim().replace(/^\||(?<!\\)\|$/g, "");
  return inner.replace(/\\\|/g, "").split("|").length;
}

/** The line that an HTML element ends in, which begins in this one; undefined where none does, or it has no end. */
function htmlEnd(lines: string[], index: number, name: string): number | undefined {
  const opening = new RegExp(`<${name}[\\s>]`, "gi");
  const closing = new RegExp(`</${name}\\s*>`, "gi");
  let depth = 0;
  for (let at = index; at < lines.length && at < index + 20_000; at++) {
    depth += lines[at]!.match(opening)?.length ?? 0;
    depth -= lines[at]!.match(closing)?.length ?? 0;
    if (depth <= 0) return at;
  }
  return undefined;
}
