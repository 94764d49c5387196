import { DOMParser } from "linkedom";
import { LoragError } from "../../contracts/index.ts";
import { decodeText, formatNumber, readFormatCodes, readXml } from "../../documents/index.ts";
import { readZip, type ByteSource } from "../../platform/index.ts";
import { rowsOfTable, type ReadingOptions, type Row } from "./row.ts";

/** What of an element of XML is looked at. */
interface Element {
  localName: string;
  textContent: string | null;
  children: Iterable<Element>;
  getAttribute(name: string): string | null;
}

/**
 * The rows of a workbook's first sheet, or of the one named (Office Open XML, ECMA-376 part 1, 18). Values are read as
 * their cells show them, dates and percentages among them, and formulas by their last result; one that failed is empty.
 * Throws LORAG_NO_SHEET.
 */
export async function* readXlsx(source: ByteSource, { name }: ReadingOptions): AsyncGenerator<Row> {
  const files = await readZip(source.read(0, source.size), { only: (file) => /\.(xml|rels)$/i.test(file) });
  const xml = (path: string): Element[] => parse(files.get(path));
  const sheets = xml("xl/workbook.xml").filter(({ localName }) => localName === "sheet");
  const sheet = name === undefined ? sheets[0] : sheets.find((one) => one.getAttribute("name") === name);
  if (!sheet)
    throw noSheet(
      source.name,
      name,
      sheets.map((one) => one.getAttribute("name") ?? ""),
    );
  const target = xml("xl/_rels/workbook.xml.rels")
    .find((one) => one.getAttribute("Id") === sheet.getAttribute("r:id"))
    ?.getAttribute("Target");
  const path = target?.startsWith("/") ? target.slice(1) : `xl/${target ?? "worksheets/sheet1.xml"}`;
  const shared = xml("xl/sharedStrings.xml")
    .filter(({ localName }) => localName === "si")
    .map(textOf);
  const styles = files.get("xl/styles.xml");
  const book: Book = {
    shared,
    codes: styles ? readFormatCodes(readXml(decodeText(styles), "xl/styles.xml")) : [],
    isFrom1904: xml("xl/workbook.xml").some(
      (element) =>
        element.localName === "workbookPr" && /^(?:1|true)$/.test(element.getAttribute("date1904") ?? ""),
    ),
  };
  const table = xml(path)
    .filter(({ localName }) => localName === "row")
    .map((row, index) => ({
      number: Number(row.getAttribute("r") ?? index + 1),
      cells: cellsOf(row, book),
    }));
  yield* rowsOfTable(table);
}

/** What the value of a cell hangs on, besides itself. */
interface Book {
  shared: string[];
  /** The format of each style's numbers. */
  codes: string[];
  isFrom1904: boolean;
}

function cellsOf(row: Element, book: Book): string[] {
  const cells: string[] = [];
  for (const cell of row.children) {
    const column = columnOf(cell.getAttribute("r")) ?? cells.length;
    while (cells.length < column) cells.push("");
    cells[column] = valueOf(cell, book);
  }
  return cells;
}

function valueOf(cell: Element, { shared, codes, isFrom1904 }: Book): string {
  const kind = cell.getAttribute("t");
  if (kind === "inlineStr") return textOf(cell);
  const value = [...cell.children].find(({ localName }) => localName === "v")?.textContent ?? "";
  if (kind === "s") return shared[Number(value)] ?? "";
  if (kind === "b") return value === "1" ? "true" : "false";
  if (kind === "e") return "";
  if (kind !== null && kind !== "n") return value;
  return formatNumber(value, codes[Number(cell.getAttribute("s") ?? 0)] ?? "", isFrom1904);
}

/** Of a string, which may be in runs; the reading aid that East Asian text may have is left out. */
function textOf(element: Element): string {
  return [...element.children]
    .filter(({ localName }) => localName === "t" || localName === "r" || localName === "is")
    .map((child) => (child.localName === "t" ? (child.textContent ?? "") : textOf(child)))
    .join("");
}

/** `AB12` is column 27, from 0. */
function columnOf(reference: string | null): number | undefined {
  const letters = /^[A-Z]+/.exec(reference ?? "")?.[0];
  if (letters === undefined) return undefined;
  return [...letters].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function parse(bytes: Uint8Array | undefined): Element[] {
  if (!bytes) return [];
  const document = new DOMParser().parseFromString(new TextDecoder().decode(bytes), "text/xml");
  return [...document.querySelectorAll("*")] as unknown as Element[];
}

function noSheet(file: string, name: string | undefined, sheets: string[]): LoragError {
  return new LoragError({
    code: "LORAG_NO_SHEET",
    kind: "data",
    message:
      name === undefined || sheets.length === 0
        ? `${file} is no workbook with sheets`
        : `${file} has no sheet ${JSON.stringify(name)}; it has ${sheets.map((sheet) => JSON.stringify(sheet)).join(", ")}`,
    next: "Name one of its sheets with `name`, or save it as .xlsx from a spreadsheet program.",
  });
}
