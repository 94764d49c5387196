import { spread, type Table } from "../text/table.ts";
import { attribute, type HtmlNode } from "./html-node.ts";

/** A table's cells in rows, merged ones in each place that they cover; `textOf` reads a cell, and tables inside it. */
export function readHtmlTable(table: HtmlNode, textOf: (cell: HtmlNode) => string): Table {
  const caption = [...ownParts(table, captionNames)].map(textOf).join(" ");
  const rows = [...ownParts(table, rowNames)];
  const cellsOf = (row: HtmlNode): HtmlNode[] =>
    row.localName === "tr" ? [...ownParts(row, cellNames)] : [row];
  const cells = spread(
    rows.map((row) =>
      cellsOf(row).map((cell) => ({
        text: textOf(cell),
        rowSpan: Number.parseInt(attribute(cell, "rowspan"), 10) || 1,
        columnSpan: Number.parseInt(attribute(cell, "colspan"), 10) || 1,
      })),
    ),
  );
  const isHead = (row: HtmlNode): boolean =>
    row.parentNode?.localName === "thead" ||
    (cellsOf(row).length > 0 && cellsOf(row).every(({ localName }) => localName === "th"));
  const firstOfBody = rows.findIndex((row) => !isHead(row));
  const marked = rows.some((row) => cellsOf(row).some(({ localName }) => localName === "th"));
  return {
    caption,
    rows: cells,
    ...(marked && { headRows: firstOfBody < 0 ? 0 : firstOfBody }),
  };
}

/** Made to place things on a page, not to be read by rows. */
export function isLayoutTable(table: HtmlNode): boolean {
  if (/^(?:presentation|none)$/.test(attribute(table, "role"))) return true;
  if ([...ownParts(table, new Set(["th"]))].length > 0) return false;
  const cells = [...ownParts(table, cellNames)];
  if (cells.length === 1 || cells.some((cell) => cell.querySelector("h1, h2, h3, h4, h5, h6") !== null))
    return true;
  // Code beside its line numbers.
  return cells.length === 2 && cells[1]!.querySelector("pre") !== null && !cells[0]!.textContent?.trim();
}

const captionNames = new Set(["caption"]);
// With "table", so that the text of one that stands wrongly between rows or cells is not lost.
const rowNames = new Set(["tr", "table"]);
const cellNames = new Set(["th", "td", "table"]);

/** The outermost elements in `node` that have one of the names. */
function* ownParts(node: HtmlNode, names: Set<string>): Generator<HtmlNode> {
  for (const child of node.childNodes) {
    if (names.has(child.localName ?? "")) yield child;
    else if (child.localName !== "caption") yield* ownParts(child, names);
  }
}
