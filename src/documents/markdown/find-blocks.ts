/** Lines that belong together: prose is cleaned, code stays, a heading's place is kept. */
export interface Block {
  kind: "prose" | "code" | "table" | "html-table";
  text: string;
  /** As written, with its marks. */
  heading?: { level: number; written: string };
}

/** One block for each line, and for each comment, setext heading or fenced code of several. */
export function findBlocks(source: string): Block[] {
  const blocks: Block[] = [];
  const lines = source.split("\n").map((line, index, all) => (index < all.length - 1 ? `${line}\n` : line));
  const lastCommentEnd = lines.findLastIndex((line) => line.includes("-->"));
  let fence: string | undefined;
  let inList = false;
  let lacksTableEnd = false;
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
    if (fence !== undefined || isIndentedCode(line, previous, inList)) {
      blocks.push({ kind: "code", text: written });
      continue;
    }
    const isHtmlTable = !lacksTableEnd && /^\s*<table[\s>]/i.test(line);
    const tableEnd = isHtmlTable ? htmlTableEnd(lines, index) : undefined;
    // What is not there once is not looked for again.
    if (isHtmlTable && tableEnd === undefined) lacksTableEnd = true;
    if (tableEnd !== undefined) {
      blocks.push({ kind: "html-table", text: lines.slice(index, tableEnd + 1).join("") });
      index = tableEnd;
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
    if (/^ {0,3}(?:[-*+]|\d+[.)])[ \t]/.test(line)) inList = true;
    else if (/^ ?\S/.test(line) && isBlank(previous)) inList = false;
    const underline = /^ {0,3}(=+|-+)[ \t]*$/.exec(line)?.[1];
    const heading = atx(line);
    if (underline && previous && isSetextText(previous)) {
      const level = underline.startsWith("=") ? 1 : 2;
      previous.heading = { level, written: previous.text };
      previous.text += written;
    } else blocks.push({ kind: "prose", text: written, ...(heading && { heading }) });
  }
  return blocks;
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

/** The line that an HTML table ends in, which begins in this one; undefined where none does, or it has no end. */
function htmlTableEnd(lines: string[], index: number): number | undefined {
  let depth = 0;
  for (let at = index; at < lines.length && at < index + 20_000; at++) {
    depth += lines[at]!.match(/<table[\s>]/gi)?.length ?? 0;
    depth -= lines[at]!.match(/<\/table\s*>/gi)?.length ?? 0;
    if (depth <= 0) return at;
  }
  return undefined;
}
