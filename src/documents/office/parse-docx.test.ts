import { expect, test } from "vitest";
import { makeZip } from "../../platform/zip.case.ts";
import { defaultParseOptions, type ParsedDocument } from "../parser.ts";
import { parseDocx } from "./parse-docx.ts";

const rel = (id: string, type: string, target: string, mode = ""): string =>
  `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"${mode}/>`;

const styles = `<w:styles>
  <w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
  <w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="2"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
  <w:style w:type="paragraph" w:styleId="House"><w:name w:val="House chapter"/><w:basedOn w:val="Heading1"/><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>
  <w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="caption"/></w:style>
</w:styles>`;

const level = (at: number, format: string, text: string): string =>
  `<w:lvl w:ilvl="${at}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/></w:lvl>`;
const numbering = `<w:numbering>
  <w:abstractNum w:abstractNumId="1">${level(0, "decimal", "%1.")}${level(1, "lowerLetter", "%2)")}</w:abstractNum>
  <w:abstractNum w:abstractNumId="2">${level(0, "decimal", "%1")}${level(1, "decimal", "%1.%2")}</w:abstractNum>
  <w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>
</w:numbering>`;

async function docx(
  body: string,
  parts: Record<string, string> = {},
  keepHidden = false,
): Promise<ParsedDocument> {
  const relations = [
    rel("s", "styles", "styles.xml"),
    rel("n", "numbering", "numbering.xml"),
    rel("l", "hyperlink", "https://harbour.example/", ' TargetMode="External"'),
    ...Object.keys(parts).map((name) => rel(name, name.replace(/\d/g, ""), `${name}.xml`)),
  ];
  const bytes = makeZip([
    {
      name: "_rels/.rels",
      data: `<Relationships>${rel("d", "officeDocument", "word/document.xml")}</Relationships>`,
    },
    { name: "word/_rels/document.xml.rels", data: `<Relationships>${relations.join("")}</Relationships>` },
    { name: "word/document.xml", data: `<w:document><w:body>${body}</w:body></w:document>` },
    { name: "word/styles.xml", data: styles },
    { name: "word/numbering.xml", data: numbering },
    ...Object.entries(parts).map(([name, data]) => ({ name: `word/${name}.xml`, data })),
  ]);
  return parseDocx(new Uint8Array(bytes), "rules.docx", { ...defaultParseOptions, keepHidden });
}

const run = (text: string, look = ""): string =>
  `<w:r>${look && `<w:rPr>${look}</w:rPr>`}<w:t xml:space="preserve">${text}</w:t></w:r>`;
const paragraph = (inner: string, properties = ""): string =>
  `<w:p>${properties && `<w:pPr>${properties}</w:pPr>`}${inner.startsWith("<") ? inner : run(inner)}</w:p>`;
const styled = (style: string, text: string): string => paragraph(text, `<w:pStyle w:val="${style}"/>`);
const item = (text: string, at = 0): string =>
  paragraph(text, `<w:numPr><w:ilvl w:val="${at}"/><w:numId w:val="1"/></w:numPr>`);
const cell = (text: string, properties = ""): string =>
  `<w:tc>${properties && `<w:tcPr>${properties}</w:tcPr>`}${paragraph(text)}</w:tc>`;
const row = (...cells: string[]): string => `<w:tr>${cells.join("")}</w:tr>`;

test("a style that is based on a heading is one, and automatic numbers are read", async () => {
  const { text, headings } = await docx(
    styled("House", "Fares") +
      styled("House", "Lost things") +
      styled("Heading2", "Lost keys") +
      paragraph("Ask at the pier."),
  );
  expect(headings.map(({ level: rank, text }) => `${rank} ${text}`)).toEqual([
    "1 1 Fares",
    "1 2 Lost things",
    "2 2.1 Lost keys",
  ]);
  expect(text).toBe("1 Fares\n\n2 Lost things\n\n2.1 Lost keys\n\nAsk at the pier.");
});

test("bold lines are headings where a document has no others, larger letters first", async () => {
  const bold = (text: string, size = 22): string => paragraph(run(text, `<w:b/><w:sz w:val="${size}"/>`));
  const body =
    bold("Rules of the pier", 32) +
    bold("Dogs") +
    paragraph("Dogs pay 5 euros.") +
    bold("Never swim here.") +
    paragraph(run("Note", "<w:b/>") + run(" that cats are free.")) +
    bold("Table 1: Torques") +
    `<w:tbl>${row(cell("M8"), cell("25"))}</w:tbl>` +
    bold("Last line");
  const outline = async (source: string) =>
    (await docx(source)).headings.map(({ level: rank, text }) => `${rank} ${text}`);
  expect(await outline(body)).toEqual(["1 Rules of the pier", "2 Dogs"]);
  expect(await outline(styled("Heading1", "Fares") + body)).toEqual(["1 Fares"]);
});

test("a reading over characters stands in brackets", async () => {
  const { text } = await docx(
    paragraph(
      `<w:r><w:ruby><w:rt>${run("かんじ")}</w:rt><w:rubyBase>${run("漢字")}</w:rubyBase></w:ruby></w:r>`,
    ),
  );
  expect(text).toBe("漢字(かんじ)");
});

test("numbered lists keep their numbers, on each level", async () => {
  const { text } = await docx(item("Untie") + item("bow", 1) + item("stern", 1) + item("Sail"));
  expect(text).toBe("1. Untie\n  a) bow\n  b) stern\n2. Sail");
});

test("merged cells are filled in, and a caption goes with its table", async () => {
  const { text, blocks } = await docx(
    styled("Caption", "Table 1: Torques") +
      `<w:tbl>${row(cell("Bolt"), cell("Nm"), cell("Remark"))}${row(cell("M8"), cell("25", '<w:vMerge w:val="restart"/>'), cell("dry"))}${row(cell("M10"), cell("", "<w:vMerge/>"), cell("oiled"))}${row(cell("both hot", '<w:gridSpan w:val="3"/>'))}</w:tbl>`,
  );
  expect(text).toBe(
    "Table 1: Torques\nBolt | Nm | Remark\nM8 | 25 | dry\nM10 | 25 | oiled\nboth hot | both hot | both hot",
  );
  expect(blocks).toMatchObject([{ kind: "table", head: "Table 1: Torques\nBolt | Nm | Remark" }]);
});

test("raised figures, links, breaks and struck, deleted and inserted text", async () => {
  const { text, links, warnings } = await docx(
    paragraph(
      run("10") +
        run("3", '<w:vertAlign w:val="superscript"/>') +
        run(" of H") +
        run("2", '<w:vertAlign w:val="subscript"/>') +
        run("O for ") +
        run("40", "<w:strike/>") +
        `<w:del>${run("50").replace(/w:t\b/g, "w:delText")}</w:del><w:ins>${run("65")}</w:ins>` +
        run(" euros, ") +
        `<w:hyperlink r:id="l">${run("see there")}</w:hyperlink>` +
        `<w:r><w:br/></w:r>` +
        run("today"),
    ),
  );
  expect(text).toBe("10^3 of H2O for 65 euros, see there\ntoday");
  expect(links).toEqual([{ start: 26, end: 35, href: "https://harbour.example/" }]);
  expect(warnings).toEqual(['Struck-out text was left out: "40".', 'Deleted text was left out: "50".']);
});

test("hidden text is left out and told, or kept where that is asked for", async () => {
  const body = paragraph(
    run("Seen. ") +
      run("Unseen. ", "<w:vanish/>") +
      run("Pale. ", '<w:color w:val="FFFFFF"/>') +
      run("Tiny.", '<w:sz w:val="2"/>'),
  );
  const dropped = await docx(body);
  expect(dropped.text).toBe("Seen.");
  expect(dropped.warnings).toHaveLength(3);
  expect((await docx(body, {}, true)).text).toBe("Seen. Unseen. Pale. Tiny.");
});

test("headers, footers and remarks are told; notes stand at the end, with their marks", async () => {
  const { text, warnings } = await docx(
    paragraph(`${run("Dogs pay.")}<w:r><w:footnoteReference w:id="2"/></w:r>`),
    {
      header1: `<w:hdr>${paragraph("Confidential")}</w:hdr>`,
      comments: `<w:comments><w:comment>${paragraph("Is this so?")}</w:comment></w:comments>`,
      footnotes: `<w:footnotes><w:footnote w:id="2">${paragraph("Not on Sundays.")}</w:footnote></w:footnotes>`,
    },
  );
  expect(text).toBe("Dogs pay.[1]\n[1] Not on Sundays.");
  expect(warnings).toEqual([
    'A page header was left out: "Confidential".',
    'A comment was left out: "Is this so?".',
  ]);
});
