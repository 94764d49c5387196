import { spread, type Table } from "../text/table.ts";
import { elements, type XmlNode } from "../text/read-xml.ts";

/** An empty cell may stand for the rest of a sheet: repeats are of use only where there is text. */
const mostRepeats = 1000;

/** Rows and cells that stand for several are repeated, merged cells filled in. */
export function readOdfTable(table: XmlNode, cellText: (cell: XmlNode) => string): Table {
  const rows: { text: string; rowSpan: number; columnSpan: number }[][] = [];
  let headRows = 0;
  const visit = (node: XmlNode, isHead: boolean): void => {
    for (const each of elements(node)) {
      if (each.name === "table-row") {
        const cells = readRow(each, cellText);
        const isEmpty = cells.every(({ text }) => text.trim() === "");
        const times = isEmpty ? 1 : repeats(each, "number-rows-repeated");
        for (let i = 0; i < times; i++) rows.push(cells);
        if (isHead && headRows === rows.length - times) headRows = rows.length;
      } else if (/^table-(?:header-rows|row-group|rows)$/.test(each.name))
        visit(each, each.name === "table-header-rows");
    }
  };
  visit(table, false);
  return { rows: spread(rows), ...(headRows > 0 && { headRows }) };
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
