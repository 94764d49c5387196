import { parse as parseYaml } from "yaml";
import type { Heading } from "../contracts/index.ts";
import { cleanInline, plainInline } from "./markdown-inline.ts";
import { cleanText, requireText, titleFromName, type Parse, type ParsedDocument } from "./parser.ts";
import { decodeText } from "./text-encoding.ts";

/**
 * Markdown's blocks and tables stay as they are written: models and word search read them well. HTML tags, comments
 * and backslash escapes become plain text, outside code. Front matter goes, its `title` is kept. Headings are ATX (`# x`) and setext (underlined), outside fenced code. (CommonMark 0.31, 4.2-4.5.)
 */
export const parseMarkdown: Parse = (bytes, name) => {
  const source = cleanText(decodeText(bytes));
  const { body, title } = splitFrontMatter(source);
  const { text, headings } = layOut(body);
  return requireText({ title: title ?? headings[0]?.text ?? titleFromName(name), text, headings });
};

function splitFrontMatter(source: string): { body: string; title?: string } {
  const match = /^---[ \t]*\n([\s\S]*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(source);
  if (!match) return { body: source };
  let fields: unknown;
  try {
    fields = parseYaml(match[1]!);
  } catch {
    return { body: source }; // a thematic break, not front matter
  }
  if (typeof fields !== "object" || fields === null) return { body: source };
  const title = (fields as Record<string, unknown>)["title"];
  const body = source.slice(match[0].length);
  return typeof title === "string" && title.trim() !== "" ? { body, title: title.trim() } : { body };
}

/** Lines that belong together: prose is cleaned, code stays, a heading's place is kept. */
interface Block {
  kind: "prose" | "code";
  text: string;
  heading?: Omit<Heading, "start">;
}

/**
 * Headings are told from the lines as they are written, before any mark goes: `\# 1` is no heading, and would be one
 * without its backslash.
 */
function layOut(source: string): Pick<ParsedDocument, "text" | "headings"> {
  const headings: Heading[] = [];
  let text = "";
  for (const block of joinProse(findBlocks(source))) {
    if (block.heading && block.heading.text !== "") headings.push({ ...block.heading, start: text.length });
    text += block.kind === "code" ? block.text : cleanInline(block.text);
  }
  return { text, headings };
}

/** One block for each line, and for each comment, setext heading or fenced code of several. */
function findBlocks(source: string): Block[] {
  const blocks: Block[] = [];
  const lines = source.split("\n").map((line, index, all) => (index < all.length - 1 ? `${line}\n` : line));
  const lastCommentEnd = lines.findLastIndex((line) => line.includes("-->"));
  let fence: string | undefined;
  let inList = false;
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
    if (/^ {0,3}<!--/.test(line) && index < lastCommentEnd) {
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
      previous.heading = { level, text: plain(previous.text) };
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

function atx(line: string): { level: number; text: string } | undefined {
  const match = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/.exec(line);
  if (!match) return undefined;
  const text = (match[2] ?? "").trimEnd();
  const closing = /(?:^|[ \t])#+$/.exec(text);
  return { level: match[1]!.length, text: plain(closing ? text.slice(0, closing.index) : text) };
}

/** A paragraph line: not blank, not code, a heading, a list item, a quotation or a table row. */
function isSetextText({ kind, heading, text }: Block): boolean {
  if (kind === "code" || heading || text.trim() === "" || text.trimEnd().includes("\n")) return false;
  return !/^(?: {4}|\t| {0,3}(?:[-*+>|]|=+\s*$|\d+[.)]\s))/.test(text);
}

/** Emphasis, code marks, tags and link targets are no part of a heading's name. */
function plain(text: string): string {
  const named = text
    .replace(/!?\[((?:\\.|[^\][\\])*)\]\((?:\\.|[^()\\])*\)/g, "$1")
    .replace(/\s*\{#[^{}]*\}\s*$/, "");
  return plainInline(named).replace(/\s+/g, " ").trim();
}
