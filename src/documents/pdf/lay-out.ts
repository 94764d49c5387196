import type { ParsedDocument } from "../parser.ts";
import { TextBuilder } from "../text/text-builder.ts";
import type { Line, PageTable } from "./find-tables.ts";
import { bodySize, headingScale } from "./line-sizes.ts";

/** Longer than this, in characters, large letters are a notice or a table, not a heading. */
const headingLength = 160;

const isLine = (block: Line | PageTable): block is Line => "text" in block;

export interface LaidOut {
  finish(title: string): ParsedDocument;
  /** The heading in the largest letters. */
  largest?: string;
}

/**
 * Lines to paragraphs and headings. The size that most characters have is the body's; short lines set clearly larger
 * are headings, the largest at level 1. A new paragraph begins after a wider gap or another size; a word divided
 * at a line's or a page's end is joined. A table that goes on over a page keeps its head.
 */
export function layOut(pages: (Line | PageTable)[][], out: TextBuilder): LaidOut {
  const lines = pages.flat().filter(isLine);
  const body = bodySize([
    ...lines,
    ...pages
      .flat()
      .filter((block) => !isLine(block))
      .flatMap(asLines),
  ]);
  const isHeading = (line: Line): boolean =>
    line.size >= body * headingScale && line.text.length <= headingLength && /\p{L}/u.test(line.text);
  const sizes = [...new Set(lines.filter(isHeading).map((line) => line.size))].sort((a, b) => b - a);
  const headings: { text: string; size: number }[] = [];
  const join = createJoin(lines.map(({ text }) => text));
  let table: { head: string[]; width: number } | undefined;
  for (const [number, blocks] of joinOverPages(pages, join).entries()) {
    out.page();
    let paragraph = "";
    let previous: Line | undefined;
    const flush = (): void => {
      if (previous && isHeading(previous) && paragraph !== "" && paragraph.length <= headingLength) {
        out.heading(Math.min(sizes.indexOf(previous.size) + 1, 6), paragraph);
        headings.push({ text: paragraph, size: previous.size });
      } else out.block(paragraph);
      paragraph = "";
      previous = undefined;
    };
    for (const [index, block] of blocks.entries()) {
      if (isLine(block)) {
        if (previous && !goesOn(previous, block, isHeading)) flush();
        paragraph = join(paragraph, block.text);
        previous = block;
        continue;
      }
      flush();
      const [first = []] = block.cells;
      const above =
        number > 0 && index === 0 && table?.width === block.columns.length ? table.head : undefined;
      const isRepeated = above?.join("\0") === first.join("\0");
      const rows = isRepeated ? block.cells.slice(1) : block.cells;
      out.table({ rows, ...(above && { above: [above], headRows: 0 }) });
      table = { head: above ?? first, width: block.columns.length };
    }
    if (blocks.length > 0 && isLine(blocks.at(-1)!)) table = undefined;
    flush();
  }
  const largest = headings.reduce<{ text: string; size: number } | undefined>(
    (best, heading) => (best && best.size >= heading.size ? best : heading),
    undefined,
  );
  return { finish: (title) => out.finish(title), ...(largest && { largest: largest.text }) };
}

const asLines = (block: Line | PageTable): { text: string; size: number }[] =>
  isLine(block) ? [block] : [{ text: block.cells.flat().join(""), size: block.size }];

/** Whether a line belongs to the paragraph of the one before, also when it begins the next column. */
function goesOn(previous: Line, line: Line, isHeading: (line: Line) => boolean): boolean {
  if (previous.size !== line.size && (isHeading(previous) || isHeading(line))) return false;
  const gap = previous.y - line.y;
  if (gap < 0) return /^\p{Ll}/u.test(line.text) && !/[.!?:]["”’)]?$/.test(previous.text);
  return gap <= 1.7 * Math.max(line.size, previous.size);
}

/** The rest of a word that is divided by a page's end comes to the page on which it begins. */
function joinOverPages(pages: (Line | PageTable)[][], join: Join): (Line | PageTable)[][] {
  const joined = pages.map((blocks) => [...blocks]);
  for (const [index, blocks] of joined.entries()) {
    const [last, next] = [blocks.at(-1), joined[index + 1]?.[0]];
    if (!last || !next || !isLine(last) || !isLine(next) || !isDivided(last.text, next.text)) continue;
    const [rest = "", ...more] = next.text.split(" ");
    blocks[blocks.length - 1] = { ...last, text: join(last.text, rest) };
    if (more.length > 0) joined[index + 1]![0] = { ...next, text: more.join(" ") };
    else joined[index + 1]!.shift();
  }
  return joined;
}

/** A soft hyphen divides a word wherever it stands; another one may belong to it. */
const isDivided = (before: string, after: string): boolean =>
  before.endsWith("\u00ad") || (/\p{Ll}[-\u2010]$/u.test(before) && /^\p{Ll}/u.test(after));

type Join = (paragraph: string, line: string) => string;

/**
 * Adds a line to a paragraph. A word that is divided loses its hyphen, unless the text shows elsewhere that it has one
 * (`mixed-mode`), or has both of its parts as words of their own and not the whole.
 */
function createJoin(lines: string[]): Join {
  const words = new Set<string>();
  for (const line of lines) {
    for (const [word] of line.toLowerCase().matchAll(/\p{L}+(?:[-\u2010]\p{L}+)*/gu)) {
      words.add(word.replaceAll("\u2010", "-"));
    }
  }
  const keepsHyphen = (before: string, after: string): boolean => {
    const first = /\p{L}+(?=[-\u2010]$)/u.exec(before)?.[0].toLowerCase() ?? "";
    const second = /^\p{L}+/u.exec(after)?.[0].toLowerCase() ?? "";
    if (words.has(first + second)) return false;
    if (words.has(`${first}-${second}`)) return true;
    return Math.min(first.length, second.length) > 3 && words.has(first) && words.has(second);
  };
  return (paragraph, line) => {
    if (paragraph === "") return line;
    if (!isDivided(paragraph, line)) return `${paragraph}\n${line}`;
    if (!paragraph.endsWith("\u00ad") && keepsHyphen(paragraph, line)) return paragraph + line;
    return paragraph.slice(0, -1) + line;
  };
}
