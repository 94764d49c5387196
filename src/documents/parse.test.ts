import { expect, test } from "vitest";
import { parseHtml } from "./parse-html.ts";
import { parseMarkdown } from "./parse-markdown.ts";
import type { ParsedDocument } from "./parser.ts";
import { layOut, dropRunningLines, type PageLine } from "./pdf-layout.ts";
import { decodeText } from "./text-encoding.ts";

const markdown = (text: string) => parseMarkdown(Buffer.from(text), "guide/some-page.md") as ParsedDocument;
const html = (text: string) => parseHtml(Buffer.from(text), "page.html") as ParsedDocument;
const outline = ({ headings }: ParsedDocument) => headings.map(({ level, text }) => `${level} ${text}`);

test("Markdown headings: ATX, setext, not in code, tables or lists", () => {
  const parsed = markdown(
    [
      "---\ntitle: From the front matter\ntags: [a]\n---",
      "Setext one\n===",
      "two `code` **bold** [link](http://x.y)\n---",
      "# Closed ##",
      "####### seven",
      "#no space",
      "```\n# in code\n```",
      "~~~~\n```\n# still in code\n~~~~",
      "| a | b |\n|---|---|\n| 1 | 2 |",
      "- item\n---",
      "    # indented code",
      "### Last {#anchor}",
    ].join("\n\n"),
  );
  expect(outline(parsed)).toEqual(["1 Setext one", "2 two code bold link", "1 Closed", "3 Last"]);
  expect(parsed.title).toBe("From the front matter");
  expect(parsed.text).toContain("| 1 | 2 |");
  expect(parsed.text).not.toContain("tags");
  for (const { start, text } of parsed.headings) expect(parsed.text.slice(start)).toContain(text.slice(0, 3));
});

test("text is made of letters, not of their shapes: composed, without ligatures and Arabic's forms inside words", () => {
  const { text } = markdown("caf\u0065\u0301 o\ufb03ce, \ufee3\ufeae\ufea3\ufe92\ufe8e, soft\u00adly");
  expect(text).toBe("café office, مرحبا, softly");
});

test.each([
  ['# Quotas<a name="x"></a>', "# Quotas"],
  ['<a id="y"></a>\nA <sup>2</sup><br>b<br/> c, <b>bold</b>.', "\nA 2 b c, bold."],
  ["<td>one</td><td>two</td>", "one two"],
  ["cost\\-effective, \\*, 1\\. \\\\, C:\\new", "cost-effective, *, 1. \\, C:\\new"],
  ["\\# no heading", "# no heading"],
  ["`a\\-b <br>` and ``x ` \\* <b>``", "`a\\-b <br>` and ``x ` \\* <b>``"],
  ["```\na\\-b <br> <!-- c -->\n```\nd\\-e", "```\na\\-b <br> <!-- c -->\n```\nd-e"],
  [
    "1. x\n\n    ```\n    a\\-b\n    ```<a name='x'></a>\n\n    c\\-d",
    "1. x\n\n    ```\n    a\\-b\n    ```<a name='x'></a>\n\n    c-d",
  ],
  ["x\n\n    a\\-b\n\nc\\-d", "x\n\n    a\\-b\n\nc-d"],
  ["a < b, <user\\-id>, <source> of b > c, List<T>", "a < b, <user-id>, <source> of b > c, List<T>"],
  ["<details><summary>More</summary>", "More"],
  ["See <https://a.b/c_d\\e>, <me@a.org>.", "See https://a.b/c_d\\e, me@a.org."],
  ["a<!-- b -->c\n<!--\n\n# d\n```\n-->\ne\\-f", "ac\n\ne-f"],
  ["a <!-- b\\-c", "a <!-- b-c"],
  ["<script src='x'>f(a)</script>text", "text"],
  ["a ` b\n\nc\\-d ` e", "a ` b\n\nc-d ` e"],
])("Markdown: tags, comments and escapes become plain text, outside code: %j", (source, text) => {
  expect(markdown(source).text).toBe(text);
});

test("Markdown headings are plain text, and begin where they stand in the text", () => {
  const parsed = markdown(
    [
      '# Step 1\\. <b>Set up</b> cost\\-effective \\_\\_init\\_\\_<a name="a"></a>',
      "<!--\n# Old\n-->",
      'Under `io1<br>` [q\\[1\\]](x\\-y.md)<a name="b"></a>\n---',
      "\\# none",
      '## <a name="c"></a>',
      "```js title\n# code\n```",
      "```inline``` text",
      "## Last<br>one",
    ].join("\n\n"),
  );
  expect(outline(parsed)).toEqual([
    "1 Step 1. Set up cost-effective __init__",
    "2 Under io1<br> q[1]",
    "2 Last one",
  ]);
  expect(parsed.title).toBe("Step 1. Set up cost-effective __init__");
  const lines = parsed.headings.map(({ start }) => parsed.text.slice(start).split("\n")[0]);
  expect(lines).toEqual([
    "# Step 1. Set up cost-effective __init__",
    "Under `io1<br>` [q[1]](x-y.md)",
    "## Last one",
  ]);
});

test.each(["`", "<a ", "<!--", "<script>", "\\", "<x `", "````\n"])(
  "Markdown of %j alone takes no longer than it should",
  (piece) => {
    const started = performance.now();
    markdown(`text ${piece.repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(3000);
  },
);

test("Markdown titles: first heading, else the file's name; a rule at the top is no front matter", () => {
  expect(markdown("text\n\n## Section").title).toBe("Section");
  expect(markdown("only text").title).toBe("Some page");
  expect(markdown("---\nnot: [valid\n---\ntext").text).toContain("not: [valid");
});

test("HTML: main content only, headings, lists, tables, entities and line breaks", () => {
  const parsed = html(`<!doctype html><title>T | Site</title><body><nav>Home <a>About</a></nav>
    <main><h1>Fares &amp; dues</h1><p>One   <b>bold</b>\n line<br>next</p><script>x()</script>
    <ul><li>first<li><p>second</p></ul><h2>Prices</h2>
    <table><tr><th>Kind<th>Price</tr><tr><td>Adult<td>4.10</tr></table><pre>a\n  b</pre></main>
    <footer>Imprint</footer></body>`);
  expect(parsed.title).toBe("Fares & dues");
  expect(parsed.text).toBe(
    "Fares & dues\n\nOne bold line\nnext\n- first\n- second\n\nPrices\n\nKind | Price\nAdult | 4.10\n\na\n  b",
  );
  expect(outline(parsed)).toEqual(["1 Fares & dues", "2 Prices"]);
});

test("HTML cells: blocks and line breaks do not run together, a nested table's text stands once", () => {
  const { text } = html(`<table><caption>Fares<br>2024</caption>
    <tr><td>12<br>florins<td><p>Anna Berg</p><p>Room <b>1</b>2</p><td><ul><li>one<li>two</ul></tr>
    <tbody><tr><td>Outer<table><tr><th>Type<th>Sound</tr><tr><td>Short<td>quak</tr></table></td><td>end</tr></tbody>
    </table>`);
  expect(text).toBe(
    "Fares 2024\n12 florins | Anna Berg Room 12 | one two\nOuter Type Sound Short quak | end",
  );
});

test("HTML: a line break in a heading is a space, in the title, too", () => {
  const parsed = html("<main><h1>Fares<br>and dues</h1><p>Text.</main>");
  expect([parsed.title, outline(parsed)]).toEqual(["Fares and dues", ["1 Fares and dues"]]);
});

test("HTML without html, body or end tags", () => {
  expect(html("<p>One<p>Two").text).toBe("One\n\nTwo");
  expect(html("<html><head><title>T</title></head><p>One").text).toBe("One");
});

test("HTML in the encoding that it declares", () => {
  const page = Buffer.from('<html><head><meta charset="windows-1251"></head><body><p>', "latin1");
  const bytes = Buffer.concat([page, Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]), Buffer.from("</p>")]);
  expect((parseHtml(bytes, "x.html") as ParsedDocument).text).toBe("Привет");
});

test("text encodings", () => {
  const text = "Grüße, naïve café: €5";
  expect(decodeText(Buffer.from(text))).toBe(text);
  expect(decodeText(Buffer.from(`\ufeff${text}`, "utf16le"))).toBe(text);
  expect(decodeText(Buffer.from(`\ufeff${text}`, "utf16le").swap16())).toBe(text);
  expect(decodeText(Buffer.from(text, "utf16le"))).toBe(text);
  const western = Buffer.from("Grüße, naïve café in many plain words", "latin1");
  expect(decodeText(western)).toBe("Grüße, naïve café in many plain words");
  for (const bytes of [
    Buffer.from("Привет, мир").map((byte) => byte ^ 0x55),
    Buffer.from([0xff, 0xfe, 0x00]),
  ]) {
    expect(() => decodeText(bytes)).toThrow();
  }
});

test("PDF lines: headings by size, paragraphs by gap, divided words, running lines", () => {
  const page = (number: number, lines: PageLine[]): PageLine[] => [
    { text: `Manual ${number}`, size: 8, y: 800 },
    ...lines,
    { text: `page ${number}`, size: 8, y: 20 },
  ];
  const body = (text: string, y: number): PageLine => ({ text, size: 10, y });
  const pages = [
    page(1, [
      { text: "The", size: 18, y: 760 },
      { text: "Title", size: 18, y: 740 },
      body("Some para-", 700),
      body("graph of text.", 688),
      body("Another.", 660),
    ]),
    page(2, [{ text: "Section", size: 13, y: 760 }, body("More of the text.", 740)]),
    page(3, [body("The end of it.", 760)]),
  ];
  const { finish, largest } = layOut(dropRunningLines(pages));
  const parsed = finish("x");
  expect(largest).toBe("The\nTitle");
  expect(parsed.text).toBe(
    "Manual 1\n\nThe Title\n\nSome paragraph of text.\n\nAnother.\n\nSection\n\nMore of the text.\n\nThe end of it.",
  );
  expect(outline(parsed)).toEqual(["1 The Title", "2 Section"]);
});

/** What stays of pages whose lines are all in one size. */
function withoutRunning(...pages: string[][]): string[][] {
  const lines = pages.map((page) => page.map((text, index) => ({ text, size: 10, y: 800 - 12 * index })));
  return dropRunningLines(lines).map((page) => page.map(({ text }) => text));
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
  expect(dropRunningLines(pages)).toEqual(pages);
});
