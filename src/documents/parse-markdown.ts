import { parse as parseYaml } from "yaml";
import type { Heading } from "../contracts/index.ts";
import { cleanText, requireText, titleFromName, type Parse } from "./parser.ts";
import { decodeText } from "./text-encoding.ts";

/**
 * Markdown stays as it is written, tables and all: models and word search read it well. Front matter goes, its
 * `title` is kept. Headings are ATX (`# x`) and setext (underlined), outside fenced code. (CommonMark 0.31, 4.2-4.5.)
 */
export const parseMarkdown: Parse = (bytes, name) => {
  const source = cleanText(decodeText(bytes));
  const { body, title } = splitFrontMatter(source);
  const headings = findHeadings(body);
  return requireText({ title: title ?? headings[0]?.text ?? titleFromName(name), text: body, headings });
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

function findHeadings(text: string): Heading[] {
  const headings: Heading[] = [];
  let fence: string | undefined;
  let previous = { line: "", start: 0 };
  let start = 0;
  for (const line of text.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
    } else if (mark) {
      fence = mark;
    } else {
      const heading = atx(line);
      const underline = /^ {0,3}(=+|-+)[ \t]*$/.exec(line)?.[1];
      if (heading) headings.push({ ...heading, start });
      else if (underline && isSetextText(previous.line)) {
        const level = underline.startsWith("=") ? 1 : 2;
        headings.push({ level, text: plain(previous.line), start: previous.start });
      }
      // A heading line is no text for an underline below it.
      previous = { line: heading || underline ? "" : line, start };
    }
    start += line.length + 1;
  }
  return headings.filter((heading) => heading.text !== "");
}

function atx(line: string): { level: number; text: string } | undefined {
  const match = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/.exec(line);
  if (!match) return undefined;
  const text = (match[2] ?? "").trimEnd();
  const closing = /(?:^|[ \t])#+$/.exec(text);
  return { level: match[1]!.length, text: plain(closing ? text.slice(0, closing.index) : text) };
}

/** A paragraph line: not blank, not code, a list item, a quotation or a table row. */
function isSetextText(line: string): boolean {
  return line.trim() !== "" && !/^(?: {4}|\t| {0,3}(?:[-*+>|]|\d+[.)]\s))/.test(line);
}

/** Emphasis, code marks and link targets are no part of a heading's name. */
function plain(text: string): string {
  return text
    .replace(/!?\[([^\][]*)\]\([^()]*\)/g, "$1")
    .replace(/\s*\{#[^{}]*\}\s*$/, "")
    .replace(/\*\*|__|`/g, "")
    .trim();
}
