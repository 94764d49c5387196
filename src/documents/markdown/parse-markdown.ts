import { parse as parseYaml } from "yaml";
import type { Block as TextBlock, Heading, Link } from "../../contracts/index.ts";
import { requireText, titleFromName, topHeading, type Parse, type ParsedDocument } from "../parser.ts";
import { captionAbove } from "../text/caption-above.ts";
import { cleanText } from "../text/clean-text.ts";
import { decodeText } from "../text/text-encoding.ts";
import { cleanInline, plainInline, type InlineOptions } from "./markdown-inline.ts";
import { readDefinition } from "./markdown-link.ts";

/**
 * Markdown's blocks and tables stay as they are written: models and word search read them well. HTML tags, comments,
 * entities, links and backslash escapes become plain text, outside code. Front matter goes, its `title` is kept.
 * Headings are ATX (`# x`) and setext (underlined), outside fenced code. (CommonMark 0.31, 4.2-4.5; tables as in GFM.)
 */
export const parseMarkdown: Parse = async (bytes, name, { keepHidden }) => {
  const warnings: string[] = [];
  const source = cleanText(decodeText(bytes, { warn: (message) => warnings.push(message) }));
  const { body, title, left } = splitFrontMatter(source);
  if (left !== undefined) warnings.push(left);
  const laidOut = await layOut(findBlocks(body), keepHidden, warnings);
  const heading = title ?? topHeading(laidOut.headings) ?? titleFromName(name);
  return requireText({ title: heading, ...laidOut, ...(warnings.length > 0 && { warnings }) });
};

/** Keys that make a page's first lines its front matter, even where there is only one. */
const usualKeys =
  /^(?:title|date|layout|tags?|author|authors|description|slug|id|draft|categor(?:y|ies)|lang|language|permalink|weight|keywords|summary|sidebar_\w+|nav_order|toc|aliases|type|url|version|status|updated|created|published|image|template|parent)$/i;

interface FrontMatter {
  body: string;
  title?: string;
  /** What to tell of it. */
  left?: string;
}

function splitFrontMatter(source: string): FrontMatter {
  const toml = splitTomlFrontMatter(source);
  if (toml) return toml;
  const match = /^---[ \t]*\n([\s\S]*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(source);
  if (!match) return { body: source };
  let fields: unknown;
  try {
    fields = parseYaml(match[1]!);
  } catch {
    return { body: source }; // a thematic break, not front matter
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return { body: source };
  const keys = Object.keys(fields);
  const isUsual =
    keys.some((key) => usualKeys.test(key)) ||
    (keys.length > 1 && keys.every((key) => /^[a-z][\w.-]*$/.test(key)));
  // Two rules with "Note: closed on Mondays" between them are text.
  if (!isUsual || !keys.every((key) => /^[\w.-]+$/.test(key))) return { body: source };
  const title = (fields as Record<string, unknown>)["title"];
  return frontMatter(source.slice(match[0].length), keys, typeof title === "string" ? title : "");
}

/** Hugo's and Zola's, between `+++`, which means nothing in Markdown. Of its values the title alone is read. */
function splitTomlFrontMatter(source: string): FrontMatter | undefined {
  const match = /^\+\+\+[ \t]*\n([\s\S]*?)\n\+\+\+[ \t]*(?:\n|$)/.exec(source);
  const lines = (match?.[1] ?? "").split("\n").filter((line) => !/^\s*(?:#|$)/.test(line));
  if (!match || !/^(?:\[|[\w."'-]+\s*=)/.test(lines[0] ?? "")) return undefined;
  const keys = lines.flatMap((line) => /^([\w.-]+)\s*=/.exec(line)?.[1] ?? []);
  const title = lines.map((line) => /^title\s*=\s*(["'])(.*?)\1\s*(?:#.*)?$/.exec(line)?.[2]).find(Boolean);
  return frontMatter(source.slice(match[0].length), keys, title ?? "");
}

function frontMatter(body: string, keys: string[], title: string): FrontMatter {
  const others = keys.filter((key) => key !== "title");
  return {
    body,
    ...(title.trim() !== "" && { title: title.trim() }),
    ...(others.length > 0 && { left: `Front matter was left out: ${others.slice(0, 20).join(", ")}.` }),
  };
}

/** Lines that belong together: prose is cleaned, code stays, a heading's place is kept. */
interface Block {
  kind: "prose" | "code" | "table" | "html-table";
  text: string;
  /** As written, with its marks. */
  heading?: { level: number; written: string };
}

type LaidOut = Pick<ParsedDocument, "text" | "headings" | "blocks" | "links">;

/**
 * Headings are told from the lines as they are written, before any mark goes: `\# 1` is no heading, and would be one
 * without its backslash.
 */
async function layOut(found: Block[], keepHidden: boolean, warnings: string[]): Promise<LaidOut> {
  const headings: Heading[] = [];
  const blocks: TextBlock[] = [];
  const links: Link[] = [];
  const { rest, references } = takeDefinitions(found);
  const options: InlineOptions = { lineBreak: "\n", references, keepHidden };
  let text = "";
  let isAfterCode = false;
  const append = (source: string, lineBreak: "\n" | " "): string => {
    const cleaned = cleanInline(source, { ...options, lineBreak });
    for (const { start, end, href } of cleaned.links) {
      links.push({ start: text.length + start, end: text.length + end, href });
    }
    warnings.push(...cleaned.warnings);
    text += cleaned.text;
    return cleaned.text;
  };
  for (const block of joinProse(rest)) {
    const start = text.length;
    if (block.heading) {
      const name = plain(block.heading.written, options);
      if (name !== "") headings.push({ level: block.heading.level, text: name, start });
    }
    if (block.kind === "code") text += block.text;
    else if (block.kind === "html-table") {
      const { readTableSource } = await import("../html/table-source.ts");
      const table = readTableSource(block.text, keepHidden);
      for (const each of table.blocks ?? []) {
        const at = start + each.start;
        blocks.push({
          ...each,
          start: at,
          end: start + each.end,
          ...(each.bodyStart !== undefined && { bodyStart: start + each.bodyStart }),
        });
      }
      warnings.push(...(table.warnings ?? []));
      text += `${table.text}\n`;
    } else if (block.kind === "table") {
      const [head = "", rule = "", ...body] = block.text.split(/(?<=\n)/);
      const caption = captionAbove(text);
      const headText = [caption, append(head, " ").trim()].filter(Boolean).join("\n");
      text += rule;
      const bodyStart = text.length;
      const rows = body.map((line) => append(line, " ")).join("");
      const end = bodyStart + rows.trimEnd().length;
      if (end > bodyStart) blocks.push({ kind: "table", start, end, head: headText, bodyStart });
    } else append(block.text, block.heading ? " " : "\n");
    if (block.kind === "code") {
      const end = start + block.text.trimEnd().length;
      if (isAfterCode) blocks.at(-1)!.end = Math.max(end, blocks.at(-1)!.end);
      else blocks.push({ kind: "code", start, end });
    }
    isAfterCode = block.kind === "code";
  }
  return { text, headings, ...(blocks.length > 0 && { blocks }), ...(links.length > 0 && { links }) };
}

/** Lines that give links their addresses are no text. */
function takeDefinitions(blocks: Block[]): { rest: Block[]; references: Map<string, string> } {
  const references = new Map<string, string>();
  const rest = blocks.filter(({ kind, text }) => {
    const definition =
      kind === "prose" && text.includes("]:") ? readDefinition(text.replace(/\n$/, "")) : undefined;
    if (definition && !references.has(definition.label)) references.set(definition.label, definition.href);
    return !definition;
  });
  return { rest, references };
}

/** One block for each line, and for each comment, setext heading or fenced code of several. */
function findBlocks(source: string): Block[] {
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

/** Marks that span lines are seen where the lines are one text; a heading ends what is before it. */
function joinProse(blocks: Block[]): Block[] {
  const joined: Block[] = [];
  let run: string[] = [];
  const close = (): void => {
    if (run.length > 0) joined.push({ kind: "prose", text: run.join("") });
    run = [];
  };
  for (const block of blocks) {
    if (block.kind === "prose" && !block.heading) run.push(block.text);
    else {
      close();
      joined.push(block);
    }
  }
  close();
  return joined;
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

/** Emphasis, code marks, tags and link targets are no part of a heading's name. */
function plain(text: string, options: InlineOptions): string {
  const named = text.replace(/\s*\{#[^{}]*\}\s*$/, "");
  return plainInline(named, options).replace(/\s+/g, " ").trim();
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
