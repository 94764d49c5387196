import { requireText, titleFromName, type Parse } from "../parser.ts";
import { child, childrenOf, descendants, elements, textOf, type XmlNode } from "../text/read-xml.ts";
import { TextBuilder } from "../text/text-builder.ts";
import { writeSheet, type Merge } from "./sheet.ts";
import { createCellFormat } from "./sheet-values.ts";
import { mainPart, openPackage } from "./open-package.ts";

/** Excel workbooks (ECMA-376): a heading for each sheet, its tables by rows, values as they are shown. */
export const parseXlsx: Parse = async (bytes, name, { keepHidden }) => {
  const opened = await openPackage(bytes);
  const { path, root } = mainPart(opened, "xl/workbook.xml");
  const relations = opened.relations(path);
  const related = (type: string): XmlNode | undefined => {
    const found = [...relations.values()].find((each) => each.type === type);
    return found && opened.part(found.target);
  };
  const strings = childrenOf(related("sharedStrings"), "si").map(richText);
  const isFrom1904 = /^(?:1|true)$/.test(child(root, "workbookPr")?.attributes["date1904"] ?? "");
  const format = createCellFormat(related("styles"), isFrom1904);
  const out = new TextBuilder();
  for (const sheet of elements(child(root, "sheets"))) {
    const { attributes } = sheet;
    const title = attributes["name"] ?? "";
    if (/hidden/i.test(attributes["state"] ?? "") && !keepHidden) {
      out.warn(`The hidden sheet "${title}" was left out.`);
      continue;
    }
    const target = relations.get(attributes["r:id"] ?? "");
    const part = target && opened.part(target.target);
    out.page();
    if (!part) {
      out.warn(`The sheet "${title}" could not be found in the file.`);
      continue;
    }
    if (part.name !== "worksheet") out.warn(`The sheet "${title}" is a chart, and was left out.`);
    else writeSheet(title, readCells(part, strings, format), readMerges(part), out);
  }
  return requireText(out.finish(titleFromName(name)));
};

/** Runs of one text; what helps to pronounce it (rPh) is none of it. */
function richText(node: XmlNode): string {
  return elements(node)
    .map((part) => (part.name === "t" ? textOf(part) : part.name === "r" ? textOf(child(part, "t")) : ""))
    .join("");
}

type Format = (value: string, style: number) => string;

function readCells(sheet: XmlNode, strings: string[], format: Format): Map<number, Map<number, string>> {
  const rows = new Map<number, Map<number, string>>();
  let rowNumber = 0;
  for (const row of descendants(child(sheet, "sheetData"), "row")) {
    rowNumber = Number(row.attributes["r"] ?? rowNumber + 1);
    const cells = new Map<number, string>();
    let column = 0;
    for (const cell of childrenOf(row, "c")) {
      column = columnOf(cell.attributes["r"]) ?? column + 1;
      const text = cellText(cell, strings, format).trim();
      if (text !== "") cells.set(column, text);
    }
    if (cells.size > 0) rows.set(rowNumber, cells);
  }
  return rows;
}

function cellText(cell: XmlNode, strings: string[], format: Format): string {
  const value = textOf(child(cell, "v"));
  switch (cell.attributes["t"]) {
    case "s":
      return strings[Number(value)] ?? "";
    case "inlineStr":
      return richText(child(cell, "is") ?? cell);
    case "b":
      return value === "1" ? "TRUE" : "FALSE";
    case "str":
    case "e":
      return value;
    case "d":
      return value.replace(/T00:00:00(?:\.0+)?Z?$/, "").replace("T", " ");
    default:
      return format(value, Number(cell.attributes["s"] ?? 0));
  }
}

/** `BC12` is in column 55; undefined where no column is named. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/i.exec(reference ?? "")?.[0].toUpperCase();
  return letters === undefined
    ? undefined
    : [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}

function readMerges(sheet: XmlNode): Merge[] {
  return elements(child(sheet, "mergeCells")).flatMap(({ attributes }) => {
    const [from = "", to = from] = (attributes["ref"] ?? "").split(":");
    const row = (reference: string): number => Number(/\d+$/.exec(reference)?.[0] ?? 0);
    const [left, right] = [columnOf(from), columnOf(to)];
    if (left === undefined || right === undefined) return [];
    return [{ top: row(from), bottom: row(to), left, right }];
  });
}
