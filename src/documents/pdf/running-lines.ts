import { bodySize, headingScale } from "./line-sizes.ts";

/** A line across a page. `y` is its distance from the page's foot, in points. */
interface PageLine {
  text: string;
  size: number;
  y: number;
}

/**
 * Takes out what headers and footers repeat: of the lines in the margins that stand on most pages, the first one
 * stays. Lines are the same when their text is, figures included: "Invoice 1008" and "Invoice 1009" both stay. Only
 * a number that counts the pages may differ, if it stands alone at the line's start or end ("Annual report | 14").
 * Lines that are nothing but a page number go from all pages.
 */
export function dropRunningLines<Line extends PageLine>(pages: Line[][], heights: number[]): Line[][] {
  if (pages.length < 2) return pages;
  const body = bodySize(pages.flat());
  const keys = pages.map(
    (lines, page) =>
      new Map(margins(lines, heights[page]!).map((line) => [line, runningKeys(line, page + 1, body)])),
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

/** More lines than this are no header or footer. */
const mostInMargin = 3;

/** Lines above and below the text: set off from it by a gap, or at the very edge of the page. */
function margins<Line extends PageLine>(lines: Line[], height: number): Line[] {
  const [top, bottom] = [0.94 * height, 0.06 * height];
  const head = setOff(lines, mostInMargin) ?? lines.filter(({ y }) => y > top).slice(0, mostInMargin);
  const upward = [...lines].reverse();
  const foot = setOff(upward, mostInMargin) ?? upward.filter(({ y }) => y < bottom).slice(0, mostInMargin);
  return [...new Set([...head, ...foot])];
}

/** The first few lines, where a gap follows that is wider than between lines of a text. */
function setOff<Line extends PageLine>(lines: Line[], most: number): Line[] | undefined {
  for (let count = 1; count <= Math.min(most, lines.length - 1); count++) {
    const [last, next] = [lines[count - 1]!, lines[count]!];
    if (Math.abs(last.y - next.y) > 1.6 * Math.max(last.size, next.size)) return lines.slice(0, count);
  }
  return undefined;
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
