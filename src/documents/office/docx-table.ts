import type { Table } from "../text/table.ts";
import { child, elements, isOn, valueOf, type XmlNode } from "../text/read-xml.ts";

/** A table's cells in rows; a merged cell's text stands in each place that it covers. */
export function readDocxTable(table: XmlNode, cellText: (cell: XmlNode) => string): Table {
  const rows: string[][] = [];
  let headRows = 0;
  for (const row of rowsOf(table)) {
    const properties = child(row, "trPr");
    if (child(properties, "del")) continue;
    const above = rows.at(-1) ?? [];
    const cells: string[] = Array.from(
      { length: Math.min(Number(valueOf(properties, "gridBefore") ?? 0) || 0, 100) },
      () => "",
    );
    for (const cell of cellsOf(row)) {
      const merge = child(child(cell, "tcPr"), "vMerge");
      const continues = merge !== undefined && merge.attributes["val"] !== "restart";
      const width = Math.min(Number(valueOf(child(cell, "tcPr"), "gridSpan") ?? 1) || 1, 1000);
      const text = continues ? (above[cells.length] ?? "") : cellText(cell);
      for (let i = 0; i < width; i++) cells.push(text);
    }
    if (isOn(properties, "tblHeader") && headRows === rows.length) headRows++;
    rows.push(cells);
  }
  return { rows, ...(headRows > 0 && { headRows }) };
}

/** Rows and cells may stand inside content controls and tracked insertions. */
function rowsOf(node: XmlNode): XmlNode[] {
  return elements(node).flatMap((each) =>
    each.name === "tr" ? [each] : /^(?:sdt|sdtContent|ins|customXml)$/.test(each.name) ? rowsOf(each) : [],
  );
}

function cellsOf(row: XmlNode): XmlNode[] {
  return elements(row).flatMap((each) =>
    each.name === "tc" ? [each] : /^(?:sdt|sdtContent|ins|customXml)$/.test(each.name) ? cellsOf(each) : [],
  );
}
