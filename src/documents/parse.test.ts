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
    "The Title\n\nSome paragraph of text.\n\nAnother.\n\nSection\n\nMore of the text.\n\nThe end of it.",
  );
  expect(outline(parsed)).toEqual(["1 The Title", "2 Section"]);
});
