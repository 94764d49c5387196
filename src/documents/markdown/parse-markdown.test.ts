import { expect, test } from "vitest";
import { defaultParseOptions, type ParsedDocument } from "../parser.ts";
import { parseMarkdown } from "./parse-markdown.ts";

const markdown = (text: string) =>
  parseMarkdown(Buffer.from(text), "guide/some-page.md", defaultParseOptions);
const outline = ({ headings }: ParsedDocument) => headings.map(({ level, text }) => `${level} ${text}`);

test("Markdown headings: ATX, setext, not in code, tables or lists", async () => {
  const parsed = await markdown(
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

test("text is made of letters, not of their shapes: composed, without ligatures and Arabic's forms inside words", async () => {
  const { text } = await markdown("caf\u0065\u0301 o\ufb03ce, \ufee3\ufeae\ufea3\ufe92\ufe8e, soft\u00adly");
  expect(text).toBe("café office, مرحبا, softly");
});

test.each([
  ['# Quotas<a name="x"></a>', "# Quotas"],
  ['<a id="y"></a>\nA <sup>2</sup><br>b<br/> c, <b>bold</b>.', "\nA 2\nb\nc, bold."],
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
])("Markdown: tags, comments and escapes become plain text, outside code: %j", async (source, text) => {
  expect((await markdown(source)).text).toBe(text);
});

test("Markdown headings are plain text, and begin where they stand in the text", async () => {
  const parsed = await markdown(
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
  expect(lines).toEqual(["# Step 1. Set up cost-effective __init__", "Under `io1<br>` q[1]", "## Last one"]);
});

test.each([
  "$",
  "$$a\n",
  "\\(_",
  "[[a",
  "^1",
  "~a",
  "<ol>\n",
  "{#",
  "<ruby><rt>",
  ":::a\n",
  "[^a]:\n",
  "`",
  "<a ",
  "<!--",
  "<script>",
  "\\",
  "<x `",
  "````\n",
])("Markdown of %j alone is read to its end", async (piece) => {
  expect((await markdown(`text ${piece.repeat(20_000)}`)).text).toMatch(/^text/);
});

test("Markdown titles: first heading, else the file's name; a rule at the top is no front matter", async () => {
  expect((await markdown("text\n\n## Section")).title).toBe("Section");
  expect((await markdown("only text")).title).toBe("Some page");
  expect((await markdown("---\nnot: [valid\n---\ntext")).text).toContain("not: [valid");
});

test("Markdown: front matter in TOML goes, its title is kept", async () => {
  const { title, text, warnings } = await markdown(
    '+++\ntitle = "House rules" # ours\ndate = 2026-01-02\n\n[extra]\ntoc = true\n+++\n\nDogs pay 3 euros.',
  );
  expect({ title, text: text.trim() }).toEqual({ title: "House rules", text: "Dogs pay 3 euros." });
  expect(warnings).toEqual(["Front matter was left out: date, toc."]);
  expect((await markdown("+++\nmore and more\n+++\nText.")).text).toContain("more and more");
});

test.each([
  ["&frac12; cup&nbsp;of &mdash; tea", "½ cup of — tea"],
  ["a <br> b", "a\nb"],
  ["[a link](https://x.example/a_(b)) and ![diagram](w.png)", "a link and diagram"],
  ["[a][1]\n\n[1]: https://x.example", "a\n\n"],
  ["~~40~~ 65 euros", " 65 euros"],
  ["10<sup>3</sup>", "10^3"],
  ["10^3^, H~2~O, 5^th^; x^2y^3 and ~/a", "10^3, H2O, 5th; x^2y^3 and ~/a"],
  ["| a \\| b | c |\n|---|---|\n| `p \\| q` | \\* |", "| a \\| b | c |\n|---|---|\n| `p \\| q` | * |"],
  ["$\\{x\\}$, \\(a\\_b\\), $5 or $6, \\[1\\]", "$\\{x\\}$, \\(a\\_b\\), $5 or $6, [1]"],
  ["$$\na\\_1 \\\\\n$$", "$$\na\\_1 \\\\\n$$"],
  ["[[Ferry rules|the rules]], [[Pier]], [[1, 2]]", "the rules, Pier, [[1, 2]]"],
  ["![alt](x.png){width=50%} of {x}", "alt of {x}"],
  ["# One {#a .b}\n{: .lead}\nText", "# One\n\nText"],
  ["<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>", "漢字(かんじ)"],
  ["<ol>\n<li>Untie</li>\n<li>Sail</li>\n</ol>\n", "1. Untie\n2. Sail\n"],
  ["> [!NOTE]\n> Wet.", "> Note:\n> Wet."],
  ['!!! warning "Mind the gap"\n\n    Slippery\\.', "Warning: Mind the gap\n\n    Slippery."],
  [":::tip Early\nCome.\n:::", "Tip: Early\nCome.\n"],
  ["---\nNote: closed on Mondays\n---\n# Museum", "---\nNote: closed on Mondays\n---\n# Museum"],
])("Markdown: %j reads %j", async (source, text) => {
  expect((await markdown(source)).text).toBe(text);
});

test("Markdown: a heading over a rule may have two lines; one in a list has none", async () => {
  const parsed = await markdown(
    "Rules for\nthe pier\n===\n\n- an item\n  of two lines\n---\n\nOne.\nTwo.\nThree.\nFour.\nFive.\n---",
  );
  expect(outline(parsed)).toEqual(["1 Rules for the pier"]);
  expect(parsed.text.slice(parsed.headings[0]!.start)).toMatch(/^Rules for the pier\n===/);
});

test("MDX: imports, exports and components go; their text and titles stay, and so does code", async () => {
  const source = `import { Card } from "./card";
export const fares = {
  dog: 5,
};

# Fares

Import duties are paid at the pier. {/* a remark */}

<Card title="Dogs" open={() => a > b} icon={<Dog />}>
    Dogs pay **5** euros, \`<Card>\` is code.
</Card>

\`\`\`js
import x from "y";

<Card />
\`\`\``;
  const { text, title, warnings, blocks } = (await parseMarkdown(
    Buffer.from(source),
    "fares.mdx",
    defaultParseOptions,
  )) as ParsedDocument;
  expect(text.replace(/\n{2,}/g, "\n").trim()).toBe(
    '# Fares\nImport duties are paid at the pier. \nDogs\n    Dogs pay **5** euros, `<Card>` is code.\n```js\nimport x from "y";\n<Card />\n```',
  );
  expect({ title, warnings: warnings?.length, blocks: blocks?.length }).toEqual({
    title: "Fares",
    warnings: 2,
    blocks: 1,
  });
});

test("Markdown: a line that names a table goes with its head", async () => {
  const { blocks } = await markdown(
    "Text.\n\nTable 2: Torques\n\n| Bolt | Nm |\n|---|---|\n| M8 | 25 |\n| M10 | 40 |",
  );
  expect(blocks).toMatchObject([{ kind: "table", head: "Table 2: Torques\n| Bolt | Nm |" }]);
});
