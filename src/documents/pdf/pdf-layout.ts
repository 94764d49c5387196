import type { ParsedDocument } from "../parser.ts";
import { TextBuilder } from "../text/text-builder.ts";

/** One line of a page. `size` is the height of the letters and `y` the distance from the page's foot, in points. */
export interface PageLine {
  text: string;
  size: number;
  y: number;
}

/**
 * Takes out what headers and footers repeat: of a page's first or last lines that stand on most pages, the first one
 * stays. Lines are the same when their text is, figures included: "Invoice 1008" and "Invoice 1009" both stay. Only
 * a number that counts the pages may differ, if it stands alone at the line's start or end ("Annual report | 14").
 * Lines that are nothing but a page number go from all pages.
 */
export function dropRunningLines(pages: PageLine[][]): PageLine[][] {
  if (pages.length < 2) return pages;
  const body = bodySize(pages.flat());
  const keys = pages.map(
    (lines, page) => new Map(edges(lines).map((line) => [line, runningKeys(line, page + 1, body)])),
  );
  const counts = new Map<string, number>();
  for (const page of keys) {
    for (const key of new Set([...page.values()].flat())) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const seen = new Set<string>();
  return pages.map((lines, page) =>
    lines.filter((line) => {
      const running = keys[page]!.get(line)?.filter((key) => counts.get(key)! > pages.length / 2) ?? [];
      const isRepeat = running.some((key) => seen.has(key));
      for (const key of running) seen.add(key);
      // A figure that is the same on all pages is no page number.
      const isNumber = isPageNumber(line.text) && running.some((key) => key !== line.text);
      return !isRepeat && !isNumber;
    }),
  );
}

function edges(lines: PageLine[]): PageLine[] {
  return [...lines.slice(0, 2), ...lines.slice(-2)];
}

/** Invoice numbers may go up by one a page, too, but seldom begin this near to 1. */
const farthestNumber = 50;

/** A line runs if one of these stands on most pages: its text, or its text with the page's number taken as such. */
function runningKeys({ text, size }: PageLine, page: number, body: number): string[] {
  // The words tell: figures need not count the pages of this file ("Page 1 of 2" of each letter in it).
  if (isPageNumber(text) && /\p{L}/u.test(text)) return ["\0page"];
  // "Question 1", "Question 2" in large letters are headings.
  if (size >= body * headingScale) return [text];
  const core = text.replace(/^[-–—|()[\] ]{1,9}|[-–—|()[\] ]{1,9}$/g, "");
  const numbers = [/^\d+(?=[\s|]|\/\d+$|$)/, /(?<=[\s|])\d+$/];
  const counted = numbers.flatMap((number) => {
    const distance = Number(number.exec(core)?.[0]) - page;
    return Math.abs(distance) <= farthestNumber ? [core.replace(number, `\0${distance}`)] : [];
  });
  return [text, ...counted];
}

const pageWords = new Set(
  "page pages pg. p. pp. of seite seiten s. von página páginas pág. pagina pag. de di sur strona str. z sida sidan av страница стр. из 第 页 頁 共 ページ".split(
    " ",
  ),
);

/** One number or two, and nothing else but words and marks that go with them: "Page 3 of 7", "- 12 -", "3/7". */
function isPageNumber(text: string): boolean {
  const plain = text.toLowerCase().replace("p a g e", "page"); // as Word's own template spaces it
  if (!/^[\p{L}\d\s./|:()[\]·•–—-]+$/u.test(plain) || /\d\.\d/.test(plain)) return false;
  const parts = plain.match(/\p{L}+\.?|\d+/gu) ?? [];
  const words = parts.filter((part) => !/^\d/.test(part));
  const numbers = parts.length - words.length;
  return (numbers === 1 || numbers === 2) && words.every((word) => pageWords.has(word));
}

/** Letters this many times as large as the body's make a heading. */
const headingScale = 1.12;

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
    line.size >= body * headingScale && line.text.length <= headingLength && /\p{L}/u.test(line.text);
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
    out.page();
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
  // A soft hyphen divides a word wherever it stands; another one may belong to it.
  if (paragraph.endsWith("\u00ad")) return paragraph.slice(0, -1) + line;
  const divided = /\p{Ll}[-\u2010]$/u.test(paragraph) && /^\p{Ll}/u.test(line);
  return divided ? paragraph.slice(0, -1) + line : `${paragraph}\n${line}`;
}

function bodySize(lines: PageLine[]): number {
  const characters = new Map<number, number>();
  for (const { size, text } of lines) characters.set(size, (characters.get(size) ?? 0) + text.length);
  return [...characters].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0])[0];
}
