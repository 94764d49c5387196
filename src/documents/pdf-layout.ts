import { TextBuilder, type ParsedDocument } from "./parser.ts";

/** One line of a page. `size` is the height of the letters and `y` the distance from the page's foot, in points. */
export interface PageLine {
  text: string;
  size: number;
  y: number;
}

/** Takes out headers and footers: a page's first or last lines that, but for their figures, stand on most pages. */
export function dropRunningLines(pages: PageLine[][]): PageLine[][] {
  if (pages.length < 2) return pages;
  const counts = new Map<string, number>();
  for (const lines of pages) {
    for (const key of new Set(edges(lines).map(runningKey))) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const isRunning = (line: PageLine): boolean => (counts.get(runningKey(line)) ?? 0) > pages.length / 2;
  return pages.map((lines) => {
    const edge = new Set(edges(lines));
    return lines.filter((line) => !(edge.has(line) && isRunning(line)));
  });
}

function edges(lines: PageLine[]): PageLine[] {
  return [...lines.slice(0, 2), ...lines.slice(-2)];
}

function runningKey(line: PageLine): string {
  return line.text.replace(/\d+/g, "0").toLowerCase();
}

/** Longer than this, in characters, large letters are a notice or a table, not a heading. */
const headingLength = 160;

/**
 * Lines to paragraphs and headings. The size that most characters have is the body's; short lines set clearly larger
 * are headings, the largest at level 1. A new paragraph begins after a wider gap or another size; a word divided
 * at a line's end is joined.
 */
export function layOut(pages: PageLine[][]): { finish(title: string): ParsedDocument; largest?: string } {
  const body = bodySize(pages.flat());
  const isHeading = (line: PageLine): boolean =>
    line.size >= body * 1.12 && line.text.length <= headingLength && /\p{L}/u.test(line.text);
  const sizes = [
    ...new Set(
      pages
        .flat()
        .filter(isHeading)
        .map((line) => line.size),
    ),
  ].sort((a, b) => b - a);
  const out = new TextBuilder();
  const headings: { text: string; size: number }[] = [];

  for (const lines of pages) {
    let paragraph = "";
    let previous: PageLine | undefined;
    const flush = (): void => {
      if (previous && isHeading(previous) && paragraph !== "" && paragraph.length <= headingLength) {
        out.heading(Math.min(sizes.indexOf(previous.size) + 1, 6), paragraph);
        headings.push({ text: paragraph, size: previous.size });
      } else out.block(paragraph);
      paragraph = "";
    };
    for (const line of lines) {
      const gap = previous ? Math.abs(previous.y - line.y) : 0;
      const sameSize = previous?.size === line.size || (previous && !isHeading(previous) && !isHeading(line));
      if (previous && (!sameSize || gap > 1.7 * Math.max(line.size, previous.size))) flush();
      paragraph = joinLine(paragraph, line.text);
      previous = line;
    }
    flush();
  }
  const largest = headings.reduce<{ text: string; size: number } | undefined>(
    (best, heading) => (best && best.size >= heading.size ? best : heading),
    undefined,
  );
  return { finish: (title) => out.finish(title), ...(largest && { largest: largest.text }) };
}

function joinLine(paragraph: string, line: string): string {
  if (paragraph === "") return line;
  const divided = /\p{Ll}-$/u.test(paragraph) && /^\p{Ll}/u.test(line);
  return divided ? paragraph.slice(0, -1) + line : `${paragraph}\n${line}`;
}

function bodySize(lines: PageLine[]): number {
  const characters = new Map<number, number>();
  for (const { size, text } of lines) characters.set(size, (characters.get(size) ?? 0) + text.length);
  return [...characters].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0])[0];
}
