import type { Block, Heading, Link } from "../../contracts/index.ts";
import type { ParsedDocument } from "../parser.ts";
import { cleanText, oneLine } from "./clean-text.ts";
import { captionAbove } from "./caption-above.ts";
import { readTable, type Table } from "./table.ts";

/** Collects blocks of text, a blank line between them, and keeps where headings, tables, pages and links begin. */
export class TextBuilder {
  private text = "";
  private readonly headings: Heading[] = [];
  private readonly blocks: Block[] = [];
  private readonly pages: number[] = [];
  private readonly links: Link[] = [];
  private readonly addresses: string[] = [];
  private readonly warnings = new Map<string, number>();

  get length(): number {
    return this.text.length;
  }

  heading(level: number, raw: string): void {
    const text = oneLine(this.withoutLinks(raw));
    if (text === "") return;
    this.put(text);
    this.headings.push({ level, text, start: this.text.length - text.length });
  }

  /** `tight` puts one line end, not two, before the block (list items, table rows). */
  block(raw: string, tight = false): void {
    this.write(raw, tight, "");
  }

  /** An item of a list; the spaces that its mark begins with show how deep it is. */
  item(mark: string, text: string): void {
    const words = mark.trimStart();
    if (text.trim() !== "") this.write(words + text, true, mark.slice(0, mark.length - words.length));
  }

  private write(raw: string, tight: boolean, indent: string): void {
    const links: Link[] = [];
    let text = "";
    let open: { start: number; href: string } | undefined;
    // A link's marks are no text: what is between them is, and its place is kept.
    // oxlint-disable-next-line no-control-regex -- the marks are control characters, so that no text holds them
    for (const piece of raw.split(/(\u0001\d+\u0002|\u0003)/)) {
      const href = piece.startsWith("") ? this.addresses[Number(piece.slice(1, -1))] : undefined;
      if (href !== undefined) open = { start: text.length, href };
      else if (piece === "\u0003") {
        if (open && text.length > open.start) links.push({ ...open, end: text.length });
        open = undefined;
      } else text += cleanText(piece);
    }
    const lead = text.length - text.trimStart().length;
    text = text.trim();
    if (text === "") return;
    this.put(text, tight, indent);
    const start = this.text.length - text.length;
    for (const link of links) {
      this.links.push({
        start: start + Math.max(0, link.start - lead),
        end: start + Math.min(text.length, link.end - lead),
        href: link.href,
      });
    }
  }

  /** Lines that stay as they are. */
  code(raw: string): void {
    const text = cleanText(raw)
      .replace(/^(?:[ \t]*\n)+/, "")
      .trimEnd();
    if (text === "") return;
    this.put(text);
    this.blocks.push({ kind: "code", start: this.text.length - text.length, end: this.text.length });
  }

  /** Rows as lines of `a | b`. */
  table(table: Table): void {
    const clean = (cell: string): string => oneLine(this.withoutLinks(cell));
    const { lines, headLines } = readTable(table, clean);
    if (lines.length === 0) return;
    const caption = table.caption ? undefined : captionAbove(this.text);
    this.put(lines.join("\n"));
    const start = this.text.length - lines.join("\n").length;
    const own = lines.slice(0, headLines).join("\n");
    const head = [caption, own].filter(Boolean).join("\n");
    const bodyStart = own === "" ? start : start + own.length + 1;
    const above = table.above?.map((row) => row.map(clean).join(" | ")).join("\n");
    this.blocks.push({
      kind: "table",
      start,
      end: this.text.length,
      ...(above !== undefined
        ? { head: above, bodyStart: start }
        : head !== "" && headLines < lines.length && { head, bodyStart }),
    });
  }

  /** What follows stands on the next page, slide or sheet. */
  page(): void {
    // The next block begins after the blank line that goes before it.
    this.pages.push(this.text === "" ? 0 : this.text.length + 2);
  }

  /** `text` as a link, to go into a block. */
  link(href: string, text: string): string {
    if (!/^(?:https?:|mailto:|[^:]*$|[./#])/i.test(href) || href === "") return text;
    this.addresses.push(href);
    return `\u0001${this.addresses.length - 1}\u0002${text}\u0003`;
  }

  /** Says what was left out. What comes up several times is said once, with how often. */
  warn(message: string): void {
    this.warnings.set(message, (this.warnings.get(message) ?? 0) + 1);
  }

  finish(title: string): ParsedDocument {
    const { text, headings, blocks, links } = this;
    const pages = this.pages.map((start) => Math.min(start, text.length));
    const warnings = [...this.warnings].map(([message, times]) =>
      times > 1 ? `${message} (${times} times)` : message,
    );
    return {
      title: oneLine(this.withoutLinks(title)),
      text,
      headings,
      ...(blocks.length > 0 && { blocks }),
      ...(pages.length > 0 && { pages }),
      ...(links.length > 0 && { links }),
      ...(warnings.length > 0 && { warnings }),
    };
  }

  private put(text: string, tight = false, indent = ""): void {
    if (this.text !== "") this.text += tight && !this.pages.includes(this.text.length + 2) ? "\n" : "\n\n";
    this.text += indent + text;
  }

  private withoutLinks(text: string): string {
    // oxlint-disable-next-line no-control-regex -- see `block`
    return text.replace(/\u0001\d+\u0002|\u0003/g, "");
  }
}
