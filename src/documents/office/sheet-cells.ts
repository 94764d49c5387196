import { child, childrenOf, descendants, elements, textOf, type XmlNode } from "../text/read-xml.ts";
import type { Merge } from "./sheet.ts";
import { isStruck, type CellStyle } from "./sheet-styles.ts";
import { formatNumber } from "./sheet-values.ts";

export interface Workbook {
  strings: XmlNode[];
  styles: CellStyle[];
  isFrom1904: boolean;
  keepHidden: boolean;
  warn: (message: string) => void;
}

/** By row, and in it by column, from 1. */
export type Cells = Map<number, Map<number, string>>;

/** What the cells of a sheet show. What nobody sees of them is left out, and told. */
export function readCells(sheet: XmlNode, workbook: Workbook): Cells {
  const rows: Cells = new Map();
  const isHiddenColumn = workbook.keepHidden ? () => false : hiddenColumns(sheet);
  const hidden = new Map<string, string[]>();
  const unvalued: string[] = [];
  // A table's own style, or a rule, may colour what lies under white letters.
  const isPlain = !child(sheet, "tableParts") && !child(sheet, "conditionalFormatting");
  let number = 0;
  for (const row of descendants(child(sheet, "sheetData"), "row")) {
    number = Number(row.attributes["r"] ?? number + 1);
    const isHiddenRow = !workbook.keepHidden && isShut(row.attributes);
    const cells = new Map<number, string>();
    let column = 0;
    for (const cell of childrenOf(row, "c")) {
      column = columnOf(cell.attributes["r"]) ?? column + 1;
      const style = workbook.styles[Number(cell.attributes["s"] ?? 0)];
      const text = cellText(cell, style, workbook).trim();
      if (text === "") {
        if (child(cell, "f") && textOf(child(cell, "v")) === "" && cell.attributes["t"] !== "str")
          unvalued.push(cell.attributes["r"] ?? "");
        continue;
      }
      const place = isHiddenRow
        ? `row ${number}`
        : isHiddenColumn(column)
          ? `column ${columnName(column)}`
          : undefined;
      if (place !== undefined) hidden.set(place, [...(hidden.get(place) ?? []), text].slice(0, 20));
      else if (style?.isStruck) workbook.warn(`Struck-out text was left out: "${text.slice(0, 80)}".`);
      else if (style?.unseen && !workbook.keepHidden && (isPlain || style.unseen !== "white on white"))
        workbook.warn(`A hidden cell (${style.unseen}) was left out: "${text.slice(0, 80)}".`);
      else cells.set(column, text);
    }
    // A hidden row parts no table.
    if (cells.size > 0 || isHiddenRow) rows.set(number, cells);
  }
  tellHidden(hidden, workbook.warn);
  if (unvalued.length > 0) {
    const some = unvalued.slice(0, 5).join(", ") + (unvalued.length > 5 ? ", …" : "");
    workbook.warn(
      `Formulas whose results are not in the file were left out: ${unvalued.length} (${some}). Open it in its program and save it.`,
    );
  }
  return rows;
}

/** More than these of one kind are counted. */
const mostTold = 10;

function tellHidden(hidden: Map<string, string[]>, warn: (message: string) => void): void {
  for (const [place, texts] of [...hidden].slice(0, mostTold))
    warn(`The hidden ${place} was left out: "${texts.join(" | ").slice(0, 80)}".`);
  if (hidden.size > mostTold) warn(`${hidden.size - mostTold} more hidden rows or columns were left out.`);
}

/** A group that is folded up is not hidden: a click opens it. */
const isShut = ({ hidden, outlineLevel }: Record<string, string>): boolean =>
  /^(?:1|true)$/.test(hidden ?? "") && Number(outlineLevel ?? 0) === 0;

function hiddenColumns(sheet: XmlNode): (column: number) => boolean {
  const ranges = elements(child(sheet, "cols"))
    .filter(({ attributes }) => isShut(attributes))
    .map(({ attributes }) => [Number(attributes["min"]), Number(attributes["max"])] as const);
  return (column) => ranges.some(([from, to]) => column >= from && column <= to);
}

function cellText(cell: XmlNode, style: CellStyle | undefined, workbook: Workbook): string {
  const value = textOf(child(cell, "v"));
  switch (cell.attributes["t"]) {
    case "s":
      return richText(workbook.strings[Number(value)], workbook.warn);
    case "inlineStr":
      return richText(child(cell, "is") ?? cell, workbook.warn);
    case "b":
      return value === "1" ? "TRUE" : "FALSE";
    case "str":
    case "e":
      return value;
    case "d":
      return value.replace(/T00:00:00(?:\.0+)?Z?$/, "").replace("T", " ");
    default: {
      const code = style?.code ?? "";
      return formatNumber(value, style?.unseen === "by its format" ? "" : code, workbook.isFrom1904);
    }
  }
}

/** Runs of one text; what helps to pronounce it (rPh) is none of it. */
function richText(node: XmlNode | undefined, warn: (message: string) => void): string {
  return elements(node)
    .map((part) => {
      if (part.name === "t") return textOf(part);
      if (part.name !== "r") return "";
      const text = textOf(child(part, "t"));
      if (!isStruck(child(part, "rPr"))) return text;
      warn(`Struck-out text was left out: "${text.slice(0, 80)}".`);
      return "";
    })
    .join("");
}

/** `BC12` is in column 55; undefined where no column is named. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/i.exec(reference ?? "")?.[0].toUpperCase();
  return letters === undefined
    ? undefined
    : [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}

function columnName(column: number): string {
  let name = "";
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26))
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  return name;
}

export function readMerges(sheet: XmlNode): Merge[] {
  return elements(child(sheet, "mergeCells")).flatMap(({ attributes }) => {
    const [from = "", to = from] = (attributes["ref"] ?? "").split(":");
    const row = (reference: string): number => Number(/\d+$/.exec(reference)?.[0] ?? 0);
    const [left, right] = [columnOf(from), columnOf(to)];
    if (left === undefined || right === undefined) return [];
    return [{ top: row(from), bottom: row(to), left, right }];
  });
}
