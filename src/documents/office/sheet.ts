import { unusable } from "../parser.ts";
import { guessHeadRows } from "../text/table.ts";
import type { TextBuilder } from "../text/text-builder.ts";

/** A block of merged cells, rows and columns from 1, the last ones included. */
export interface Merge {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

const mostCells = 4_000_000;
const mostMerged = 100_000;

/** "Sheet1", as programs name a sheet in the languages they speak. */
export const isNamedByProgram = (name: string): boolean =>
  /^(?:sheet|tabelle|feuil(?:le)?|hoja|foglio|planilha|folha|blad|ark|taul|list|arkusz|munka|лист|аркуш|sayfa|シート|工作表|시트)\s*\d*$/iu.test(
    name,
  );

/** A heading, and under it each stretch of rows without an empty one between them: as a table, or a line of text. */
export function writeSheet(
  title: string,
  cells: Map<number, Map<number, string>>,
  merges: Merge[],
  out: TextBuilder,
): void {
  fillMerged(cells, merges);
  out.heading(1, title);
  const columns = [...new Set([...cells.values()].flatMap((row) => [...row.keys()]))].sort((a, b) => a - b);
  if (columns.length * cells.size > mostCells) {
    throw unusable("LORAG_TOO_LARGE", `the sheet "${title}" has more than ${mostCells} cells`, "Split it.");
  }
  const numbers = [...cells.keys()].sort((a, b) => a - b);
  let region: string[][] = [];
  for (const [index, number] of numbers.entries()) {
    if (index > 0 && number > numbers[index - 1]! + 1) {
      writeRegion(region, out);
      region = [];
    }
    const row = cells.get(number)!;
    region.push(columns.map((column) => row.get(column) ?? ""));
  }
  writeRegion(region, out);
}

/** Lines above a table with one text each are its title and notes. */
function writeRegion(all: string[][], out: TextBuilder): void {
  const region = all.filter((row) => row.some(Boolean));
  const filled = (row: string[]): number => new Set(row.filter(Boolean)).size;
  let first = 0;
  while (first < region.length && filled(region[first]!) === 1) first++;
  const titles = region.slice(0, first).map((row) => row.find(Boolean)!);
  const rows = region.slice(first);
  if (rows.length === 0) for (const title of titles) out.block(title, true);
  else {
    for (const title of titles.slice(0, -1)) out.block(title);
    const used = rows[0]!.map((_, column) => rows.some((row) => row[column]));
    const dense = rows.map((row) => row.filter((_, column) => used[column]));
    const isHead = guessHeadRows(dense) || (dense.length > 2 && isNames(dense[0]!) ? 1 : 0);
    out.table({ rows: dense, caption: titles.at(-1) ?? "", headRows: isHead });
  }
}

/** A row of words over rows that hold figures; its first cell may be empty. */
const isNames = (row: string[]): boolean =>
  row.filter(Boolean).length > row.length / 2 &&
  row.every((cell) => cell.length <= 60 && !/^[\d\s.,:%-]+$/.test(cell));

function fillMerged(cells: Map<number, Map<number, string>>, merges: Merge[]): void {
  let left = mostMerged;
  for (const merge of merges) {
    const text = cells.get(merge.top)?.get(merge.left);
    if (text === undefined) continue;
    for (let row = merge.top; row <= merge.bottom && left > 0; row++) {
      const into = cells.get(row) ?? new Map<number, string>();
      // What is merged into rows or columns without any other text is a title.
      if (!cells.get(row)?.size && row > merge.top) continue;
      for (let column = merge.left; column <= merge.right && left > 0; column++, left--)
        into.set(column, text);
    }
  }
}
