import { expect, test } from "vitest";
import { dropRunningLines } from "./running-lines.ts";

const height = 842;

/** What stays of pages whose first and last lines stand in the margins, all in one size. */
function withoutRunning(...pages: string[][]): string[][] {
  const lines = pages.map((page) =>
    page.map((text, index) => {
      const y = index === 0 ? 810 : index === page.length - 1 ? 30 : 780 - 12 * index;
      return { text, size: 10, y };
    }),
  );
  const heights = pages.map(() => height);
  return dropRunningLines(lines, heights).map((page) => page.map(({ text }) => text));
}

test("PDF running lines: the first of the same ones stays, and all that differ in more than a page's number", () => {
  const invoice = (number: number, total: number) => [
    "Harbour Supplies, Phone: (425) 000-0000",
    `Invoice INV-${number}`,
    `Rope for order ${number}`,
    `Invoice ${number}`,
    `Total due: ${total}`,
  ];
  const pages = [invoice(1008, 3024), invoice(1009, 3027), invoice(1010, 3030)];
  expect(withoutRunning(...pages)).toEqual([pages[0], pages[1]!.slice(1), pages[2]!.slice(1)]);
});

test.each([
  ["Annual report 2022 | 14", "Annual report 2022 | 15", "Annual report 2022 | 16"],
  ["2 Z. Shen et al.", "3 Z. Shen et al.", "4 Z. Shen et al."],
  ["Issued in 2022", "Issued in 2022", "Issued in 2022"],
  ["2022", "2022", "2022"],
])("PDF running lines: of %s, %s, %s the first stays", (...lines) => {
  const pages = lines.map((line, page) => [line, `Text ${page}a`, `Text ${page}b`, `Text ${page}c`]);
  expect(withoutRunning(...pages).flat()).toEqual([lines[0], ...pages.flatMap((page) => page.slice(1))]);
});

test.each([
  ["3", "4", "5"],
  ["- 12 -", "- 13 -", "- 14 -"],
  ["3/7", "4/7", "5/7"],
  ["Page 3 of 7", "Page 4 of 7", "Page 5 of 7"],
  ["Page 1 of 2", "Page 2 of 2", "Page 1 of 2"],
  ["Seite 1001", "Seite 1002", "Seite 1003"],
  ["Página 9 de 12", "Página 10 de 12", "Página 11 de 12"],
  ["p. 1", "p. 2", "p. 3"],
  ["1 | P a g e", "2 | P a g e", "3 | P a g e"],
])("PDF page numbers go from all pages: %s, %s, %s", (...lines) => {
  const pages = lines.map((line, page) => [`Text ${page}a`, `Text ${page}b`, `Text ${page}c`, line]);
  expect(withoutRunning(...pages)).toEqual(pages.map((page) => page.slice(0, -1)));
});

test.each([
  ["3024", "2911", "3180"],
  ["1008", "1009", "1010"],
  ["$1", "$2", "$3"],
  ["1.50", "2.50", "3.50"],
  ["12 30 45", "13 31 46", "14 32 47"],
  ["Room 7", "Room 3", "Room 12"],
])("PDF figures that are no page numbers stay: %s, %s, %s", (...lines) => {
  const pages = lines.map((line, page) => [`Text ${page}a`, `Text ${page}b`, `Text ${page}c`, line]);
  expect(withoutRunning(...pages)).toEqual(pages);
});

test("PDF headings that are numbered as the pages are stay", () => {
  const pages = [1, 2, 3].map((page) => [
    { text: `Question ${page}`, size: 16, y: 700 },
    { text: `What is asked ${page}a`, size: 10, y: 660 },
  ]);
  expect(dropRunningLines(pages, [height, height, height])).toEqual(pages);
});

test("PDF lines that end a column in the same word on all pages are no footer: no gap sets them off", () => {
  const pages = [1, 2, 3].map((page) =>
    [`First line ${page}a`, `Second line ${page}b`, "boat."].map((text, index) => ({
      text,
      size: 10,
      y: 200 - 12 * index,
    })),
  );
  expect(dropRunningLines(pages, [height, height, height])).toEqual(pages);
});
