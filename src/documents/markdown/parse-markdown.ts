import type { Block as TextBlock, Heading, Link } from "../../contracts/index.ts";
import { requireText, titleFromName, topHeading, type Parse, type ParsedDocument } from "../parser.ts";
import { captionAbove } from "../text/caption-above.ts";
import { cleanText } from "../text/clean-text.ts";
import { decodeText } from "../text/text-encoding.ts";
import { splitFrontMatter } from "./front-matter.ts";
import { findBlocks, type Block } from "./find-blocks.ts";
import { cleanInline, plainInline, type InlineOptions } from "./markdown-inline.ts";
import { readDefinition } from "./markdown-link.ts";
import { stripMdx } from "./strip-mdx.ts";

/**
 * Markdown's blocks and tables stay as they are written: models and word search read them well. HTML tags, comments,
 * entities, links and backslash escapes become plain text, outside code. Front matter goes, its `title` is kept.
 * Headings are ATX (`# x`) and setext (underlined), outside fenced code. (CommonMark 0.31, 4.2-4.5; tables as in GFM.)
 */
export const parseMarkdown: Parse = async (bytes, name, { keepHidden }) => {
  const warnings: string[] = [];
  const source = cleanText(decodeText(bytes, { warn: (message) => warnings.push(message) }));
  const { body: written, title, left } = splitFrontMatter(source);
  if (left !== undefined) warnings.push(left);
  const warnOnce = (message: string): void => void (warnings.includes(message) || warnings.push(message));
  const isMdx = /\.mdx$/i.test(name) || /^\s*import\s[^\n]*\sfrom\s+["']/.test(written);
  const body = isMdx ? stripMdx(written, warnOnce) : written;
  const laidOut = await layOut(findBlocks(body, { hasIndentedCode: !isMdx }), keepHidden, warnings);
  const heading = title ?? topHeading(laidOut.headings) ?? titleFromName(name);
  return requireText({ title: heading, ...laidOut, ...(warnings.length > 0 && { warnings }) });
};

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
    else if (block.kind === "html") {
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
      for (const link of table.links ?? [])
        links.push({ ...link, start: start + link.start, end: start + link.end });
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
    } else if (block.heading) append(block.text.replace(headingAttributes, "$1"), " ");
    else append(block.text, "\n");
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

/** `{#anchor .class}` behind a heading, which is for the page that is made of it. */
const headingAttributes = /[ \t]*\{:?[ \t]*[#.][^{}\n]{0,200}\}[ \t]*(\n?)$/;

/** Emphasis, code marks, tags and link targets are no part of a heading's name. */
function plain(text: string, options: InlineOptions): string {
  return plainInline(text.replace(headingAttributes, "$1"), options).replace(/\s+/g, " ").trim();
}
