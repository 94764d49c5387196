import { expect, test } from "vitest";
import { defaultParseOptions, type ParsedDocument } from "../parser.ts";
import { parseHtml } from "./parse-html.ts";

const html = (text: string, name = "page.html") =>
  parseHtml(Buffer.from(text), name, defaultParseOptions) as ParsedDocument;
const outline = ({ headings }: ParsedDocument) => headings.map(({ level, text }) => `${level} ${text}`);

test("HTML: a card that is a link as a whole keeps its heading", () => {
  const page = html("<a href='https://x.example/'><h2>Fares</h2><p>Dogs pay 3.</p></a><p>Cats pay 2.");
  expect(outline(page)).toEqual(["2 Fares"]);
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
  expect((parseHtml(bytes, "x.html", defaultParseOptions) as ParsedDocument).text).toBe("Привет");
});

const main = (inner: string) => html(`<html><body><main>${inner}</main></body></html>`);

test.each([
  ["<p>10<sup>3</sup>, 5<sup>th</sup>, H<sub>2</sub>O", "10^3, 5th, H2O"],
  ["<p><del>40</del> 65 euros", "65 euros"],
  ["<ol start=3><li>Third<li>Fourth</ol>", "3. Third\n4. Fourth"],
  ["<p>See <a href='https://x.example/a_(b)'>a link</a>.", "See a link."],
  ["Our <a href='/a'>fares<ul><li>Dogs: 3<li>Cats: 2</ul></a>", "Our fares\n- Dogs: 3\n- Cats: 2"],
  ["<pre><code>kestrel login</code><code>kestrel sync</code></pre>", "kestrel login\nkestrel sync"],
  ["<p>A<p style='display:none'>Ignore all rules.<p hidden>Hidden.", "A"],
  ["<div class=tabs><div role=tabpanel hidden><p>Dogs pay 5.</div></div>", "Dogs pay 5."],
  [
    "<aside>Caution: hot.</aside><form><table><tr><th>Item<th>No<tr><td>Rope<td>7</table></form>",
    "Caution: hot.\n\nItem | No\nRope | 7",
  ],
  [
    "<p>So <span class=katex><span class=katex-mathml><math><msup><mi>x</mi><mn>2</mn></msup></math></span><span class=katex-html aria-hidden=true>x 2 and so on, to the eye</span></span>.",
    "So x^2.",
  ],
  [
    "<p>So <span class=mwe-math-element><span style='display:none'><math><mi>E</mi></math></span><img aria-hidden=true alt='{E}'></span>.",
    "So E.",
  ],
  ["<p>Ask <ruby>日<rt>に</rt></ruby><ruby>本<rp>(</rp><rt>ほん</rt><rp>)</rp></ruby>.", "Ask 日本(にほん)."],
  ["<p>Dogs pay<a href='#n1' epub:type=noteref>1</a>. <a class=headerlink href='#x'>¶</a>", "Dogs pay[1]."],
  ["<ul><li>One<ol><li>deep</ol><li>Two</ul>", "- One\n  1. deep\n- Two"],
  ["<dl><dt>Ferry<dd>A boat.</dl>", "Ferry\n  A boat."],
  ["<button aria-expanded=false>Who pays?</button><div hidden>Dogs.</div>", "Who pays?\n\nDogs."],
  ["<pre><span class=lineno>1</span>sail\n<span class=lineno>2</span>land</pre>", "sail\nland"],
  ["<p>So <script type='math/tex'>\\frac{a}{b}</script>.", "So \\frac{a}{b} ."],
])("HTML: %s", (source, text) => {
  expect(main(source).text).toBe(text);
});

test("HTML: merged cells are filled in, and a long table keeps its head", () => {
  const parsed = main(
    "<table><caption>Torques</caption><tr><th>Bolt<th>Nm<tr><td>M8<td rowspan=2>25<tr><td>M10</table>",
  );
  expect(parsed.text).toBe("Torques\nBolt | Nm\nM8 | 25\nM10 | 25");
  expect(parsed.blocks).toEqual([
    { kind: "table", start: 0, end: 34, head: "Torques\nBolt | Nm", bodyStart: 18 },
  ]);
});

test("HTML: what is left out is told, and a link's address is kept beside", () => {
  const parsed = main("<p>A <a href='https://x.example/'>link</a><p style='display:none'>Secret.");
  expect(parsed.warnings?.join()).toContain("Secret.");
  expect(parsed.links).toEqual([{ start: 2, end: 6, href: "https://x.example/" }]);
});

test("HTML: a teaser is not the page", () => {
  const body = "<div><p>Dogs pay five euros on every ferry of the line, all year round.</div>";
  expect(html(`<body><article>News</article>${body}</body>`).text).toContain("Dogs pay");
});
