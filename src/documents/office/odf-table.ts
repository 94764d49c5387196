import { spread, type Table } from "../text/table.ts";
import { elements, type XmlNode } from "../text/read-xml.ts";

/** An empty cell may stand for the rest of a sheet: repeats are of use only where there is text. */
const mostRepeats = 1000;

/**
 * Rows and cells that stand for several are repeated, merged cells filled in; `onHidden` is told the text of hidden rows
 * and columns, which are left out; without it they are kept.
 */
export function readOdfTable(
  table: XmlNode,
  cellText: (cell: XmlNode) => string,
  onHidden?: (text: string) => void,
): Table {
  const rows: { text: string; rowSpan: number; columnSpan: number }[][] = [];
  let headRows = 0;
  const visit = (node: XmlNode, isHead: boolean): void => {
    for (const each of elements(node)) {
      if (each.name === "table-row") {
        const cells = readRow(each, cellText);
        if (onHidden && isHidden(each)) {
          onHidden(cells.map(({ text }) => text).join(" | "));
          continue;
        }
        const isEmpty = cells.every(({ text }) => text.trim() === "");
        const times = isEmpty ? 1 : repeats(each, "number-rows-repeated");
        for (let i = 0; i < times; i++) rows.push(cells);
        if (isHead && headRows === rows.length - times) headRows = rows.length;
      } else if (/^table-(?:header-rows|row-group|rows)$/.test(each.name))
        visit(each, each.name === "table-header-rows");
    }
  };
  visit(table, false);
  const shown = onHidden ? withoutColumns(spread(rows), hiddenColumns(table), onHidden) : spread(rows);
  return { rows: shown, ...(headRows > 0 && { headRows }) };
}

/** Shut by hand, or by a filter. */
const isHidden = ({ attributes }: XmlNode): boolean =>
  /^(?:collapse|filter)$/.test(attributes["visibility"] ?? "");

/** Columns come before the rows, and one element may stand for many. */
function hiddenColumns(table: XmlNode): Set<number> {
  const hidden = new Set<number>();
  let column = 0;
  const visit = (node: XmlNode): void => {
    for (const each of elements(node)) {
      if (/^table-(?:columns|header-columns|column-group)$/.test(each.name)) visit(each);
      if (each.name !== "table-column") continue;
      const times = repeats(each, "number-columns-repeated");
      for (let i = 0; isHidden(each) && i < times; i++) hidden.add(column + i);
      column += times;
    }
  };
  visit(table);
  return hidden;
}

function withoutColumns(rows: string[][], hidden: Set<number>, onHidden: (text: string) => void): string[][] {
  for (const column of hidden) {
    const texts = rows.map((row) => row[column] ?? "").filter((text) => text.trim() !== "");
    if (texts.length > 0) onHidden(texts.join(" | "));
  }
  return hidden.size === 0 ? rows : rows.map((row) => row.filter((_, column) => !hidden.has(column)));
}

function readRow(row: XmlNode, cellText: (cell: XmlNode) => string) {
  const cells: { text: string; rowSpan: number; columnSpan: number }[] = [];
  for (const cell of elements(row)) {
    // What a merged cell covers is written down, too, as a covered cell: the span fills it.
    if (cell.name !== "table-cell") continue;
    const text = cellText(cell);
    const times =
      text.trim() === ""
        ? Math.min(repeats(cell, "number-columns-repeated"), 50)
        : repeats(cell, "number-columns-repeated");
    for (let i = 0; i < times; i++) {
      cells.push({
        text,
        rowSpan: spanOf(cell, "number-rows-spanned"),
        columnSpan: spanOf(cell, "number-columns-spanned"),
      });
    }
  }
  return cells;
}

const repeats = ({ attributes }: XmlNode, name: string): number =>
  Math.min(Number(attributes[name] ?? 1) || 1, mostRepeats);
const spanOf = ({ attributes }: XmlNode, name: string): number => Number(attributes[name] ?? 1) || 1;
