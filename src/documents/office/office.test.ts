import { expect, test } from "vitest";
import { makeZip, type ZipMember } from "../../platform/zip.case.ts";
import { defaultParseOptions, type ParsedDocument, type Parse } from "../parser.ts";
import { parseEpub } from "./parse-epub.ts";
import { parseOdf } from "./parse-odf.ts";
import { parsePptx } from "./parse-pptx.ts";
import { parseXlsx } from "./parse-xlsx.ts";

const read = async (parse: Parse, name: string, members: ZipMember[]): Promise<ParsedDocument> =>
  parse(new Uint8Array(makeZip(members)), name, defaultParseOptions);

const rel = (id: string, type: string, target: string): string =>
  `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`;
const relations = (...all: string[]): string => `<Relationships>${all.join("")}</Relationships>`;

const odt = (body: string, automatic = "") =>
  read(parseOdf, "rules.odt", [
    { name: "mimetype", data: "application/vnd.oasis.opendocument.text" },
    {
      name: "content.xml",
      data: `<office:document-content><office:automatic-styles>${automatic}</office:automatic-styles><office:body><office:text>${body}</office:text></office:body></office:document-content>`,
    },
  ]);

test("ODT: headings, numbered lists, merged cells, links, raised, struck and hidden text", async () => {
  const numbers = `<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/></text:list-style>`;
  const look = (name: string, properties: string): string =>
    `<style:style style:name="${name}" style:family="text"><style:text-properties ${properties}/></style:style>`;
  const { text, headings, links } = await odt(
    `<text:h text:outline-level="1">Fares</text:h>
     <text:list text:style-name="L"><text:list-item><text:p>Untie</text:p></text:list-item><text:list-item><text:p>Sail</text:p></text:list-item></text:list>
     <table:table><table:table-row><table:table-cell><text:p>Bolt</text:p></table:table-cell><table:table-cell><text:p>Nm</text:p></table:table-cell></table:table-row>
     <table:table-row><table:table-cell><text:p>M8</text:p></table:table-cell><table:table-cell table:number-rows-spanned="2"><text:p>25</text:p></table:table-cell></table:table-row>
     <table:table-row><table:table-cell><text:p>M10</text:p></table:table-cell><table:covered-table-cell/></table:table-row></table:table>
     <text:p>10<text:span text:style-name="up">3</text:span> for <text:span text:style-name="struck">40</text:span>65 euros, <text:a xlink:href="https://harbour.example/">see there</text:a><text:span text:style-name="gone">secret</text:span></text:p>`,
    numbers +
      look("up", 'style:text-position="super 58%"') +
      look("struck", 'style:text-line-through-style="solid"') +
      look("gone", 'text:display="none"'),
  );
  expect(headings).toMatchObject([{ level: 1, text: "Fares" }]);
  expect(text).toBe(
    "Fares\n1. Untie\n2. Sail\n\nBolt | Nm\nM8 | 25\nM10 | 25\n\n10^3 for 65 euros, see there",
  );
  expect(links).toMatchObject([{ href: "https://harbour.example/" }]);
});

test("ODT: a formula in its frame, or in an object of its own", async () => {
  const formula = "<math:math><math:msqrt><math:mi>x</math:mi></math:msqrt></math:math>";
  const { text } = await read(parseOdf, "rules.odt", [
    { name: "mimetype", data: "application/vnd.oasis.opendocument.text" },
    {
      name: "content.xml",
      data: `<office:document-content><office:body><office:text><text:p>A <draw:frame><draw:object xlink:href="./Object 1"/></draw:frame> and <draw:frame><draw:object>${formula}</draw:object></draw:frame>.</text:p></office:text></office:body></office:document-content>`,
    },
    { name: "Object 1/content.xml", data: formula.replace("x", "y") },
  ]);
  expect(text).toBe("A √y and √x.");
});

test("ODS: cells as they are shown; hidden rows, columns and sheets, and remarks, are told", async () => {
  const cell = (text: string, more = ""): string =>
    `<table:table-cell>${more}<text:p>${text}</text:p></table:table-cell>`;
  const row = (cells: string[], visibility = ""): string =>
    `<table:table-row${visibility}>${cells.join("")}</table:table-row>`;
  const hidden = ' table:visibility="collapse"';
  const remark = "<office:annotation><text:p>Ask Ida</text:p></office:annotation>";
  const { text, title, warnings } = await read(parseOdf, "harbour-fares.ods", [
    { name: "mimetype", data: "application/vnd.oasis.opendocument.spreadsheet" },
    {
      name: "content.xml",
      data: `<office:document-content><office:automatic-styles><style:style style:name="gone"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>
        <table:table table:name="Sheet1"><table:table-column/><table:table-column/><table:table-column${hidden}/>${row([cell("Who"), cell("Fare"), cell("Margin")])}${row([cell("Dog", remark), cell("5.00 €"), cell("secret")])}${row([cell("Rat"), cell("0")], hidden)}${row([cell("Cat"), cell("2.00 €")])}</table:table>
        <table:table table:name="Old" table:style-name="gone">${row([cell("Gone")])}</table:table></office:spreadsheet></office:body></office:document-content>`,
    },
  ]);
  expect(title).toBe("Harbour fares");
  expect(text).toBe("Sheet1\n\nWho | Fare\nDog | 5.00 €\nCat | 2.00 €");
  expect(warnings).toEqual([
    'A comment was left out: "Ask Ida".',
    'A hidden row or column was left out: "Rat | 0".',
    'A hidden row or column was left out: "Margin | secret".',
    'The hidden sheet "Old" was left out.',
  ]);
});

test("XLSX: merged cells, a head per table, hidden sheets and rows told", async () => {
  const cell = (at: string, text: string): string => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
  const sheet = (rows: string, merges = ""): string =>
    `<worksheet><sheetData>${rows}</sheetData>${merges}</worksheet>`;
  const { text, blocks, warnings } = await read(parseXlsx, "fares.xlsx", [
    { name: "_rels/.rels", data: relations(rel("d", "officeDocument", "xl/workbook.xml")) },
    {
      name: "xl/workbook.xml",
      data: `<workbook><sheets><sheet name="Bolts" r:id="s1"/><sheet name="Old" state="hidden" r:id="s2"/></sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      data: relations(
        rel("s1", "worksheet", "worksheets/sheet1.xml"),
        rel("s2", "worksheet", "worksheets/sheet2.xml"),
      ),
    },
    {
      name: "xl/worksheets/sheet1.xml",
      data: sheet(
        `<row r="1">${cell("A1", "Bolt")}${cell("B1", "Torque")}</row><row r="2">${cell("A2", "M8")}${cell("B2", "25 Nm")}</row><row r="3">${cell("A3", "M10")}</row>`,
        '<mergeCells><mergeCell ref="B2:B3"/></mergeCells>',
      ),
    },
    { name: "xl/worksheets/sheet2.xml", data: sheet(`<row r="1">${cell("A1", "Secret")}</row>`) },
  ]);
  expect(text).toBe("Bolts\n\nBolt | Torque\nM8 | 25 Nm\nM10 | 25 Nm");
  expect(blocks).toMatchObject([{ kind: "table", head: "Bolt | Torque" }]);
  expect(warnings?.join()).toMatch(/hidden.*Old/i);
});

test("PPTX: slides as pages with their titles, numbered lists, raised figures, hidden slides told", async () => {
  const shape = (kind: string, paragraphs: string): string =>
    `<p:sp><p:nvSpPr><p:cNvPr id="1"/><p:nvPr><p:ph type="${kind}"/></p:nvPr></p:nvSpPr><p:txBody>${paragraphs}</p:txBody></p:sp>`;
  const line = (text: string, properties = ""): string =>
    `<a:p><a:pPr>${properties}</a:pPr><a:r><a:t>${text}</a:t></a:r></a:p>`;
  const slide = (shapes: string, show = ""): string =>
    `<p:sld${show}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:sld>`;
  const numbered = '<a:buAutoNum type="arabicPeriod"/>';
  const { text, pages, headings, warnings } = await read(parsePptx, "ferry.pptx", [
    { name: "_rels/.rels", data: relations(rel("d", "officeDocument", "ppt/presentation.xml")) },
    {
      name: "ppt/presentation.xml",
      data: `<p:presentation><p:sldIdLst><p:sldId id="256" r:id="r1"/><p:sldId id="257" r:id="r2"/></p:sldIdLst></p:presentation>`,
    },
    {
      name: "ppt/_rels/presentation.xml.rels",
      data: relations(rel("r1", "slide", "slides/slide1.xml"), rel("r2", "slide", "slides/slide2.xml")),
    },
    {
      name: "ppt/slides/slide1.xml",
      data: slide(
        shape("title", line("Casting off")) +
          shape(
            "body",
            line("Untie", numbered) +
              line("Sail", numbered) +
              `<a:p><a:r><a:t>10</a:t></a:r><a:r><a:rPr baseline="30000"/><a:t>3</a:t></a:r><a:r><a:t> litres</a:t></a:r></a:p>` +
              `<a:p><mc:AlternateContent><mc:Choice><a14:m><m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>2b</m:t></m:r></m:den></m:f></m:oMath></a14:m></mc:Choice><mc:Fallback><a:r><a:t>picture</a:t></a:r></mc:Fallback></mc:AlternateContent></a:p>`,
          ),
      ),
    },
    { name: "ppt/slides/slide2.xml", data: slide(shape("title", line("Old slide")), ' show="0"') },
  ]);
  expect(headings.map(({ text }) => text)).toEqual(["Casting off"]);
  expect(text).toContain("1. Untie\n2. Sail");
  expect(text).toContain("10^3 litres\n- a/(2b)");
  expect(text).not.toContain("picture");
  expect(pages).toHaveLength(2);
  expect(warnings?.join()).toContain("Old slide");
});

test("EPUB: chapters in their order, without the table of contents", async () => {
  const chapter = (title: string, body: string): string =>
    `<html><body><h1>${title}</h1>${body}</body></html>`;
  const { text, title } = await read(parseEpub, "book.epub", [
    { name: "mimetype", data: "application/epub+zip" },
    {
      name: "META-INF/container.xml",
      data: '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
    },
    {
      name: "OPS/book.opf",
      data: `<package><metadata><dc:title>Harbour tales</dc:title></metadata><manifest><item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/><item id="b" href="b.xhtml" media-type="application/xhtml+xml"/><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>`,
    },
    { name: "OPS/nav.xhtml", data: chapter("Contents", "<p>First, second</p>") },
    { name: "OPS/b.xhtml", data: chapter("Second", "<ol><li>Untie<li>Sail</ol>") },
    { name: "OPS/a.xhtml", data: chapter("First", "<p>10<sup>3</sup> ropes.</p>") },
  ]);
  expect(title).toBe("Harbour tales");
  expect(text).toBe("First\n\n10^3 ropes.\n\nSecond\n1. Untie\n2. Sail");
});
