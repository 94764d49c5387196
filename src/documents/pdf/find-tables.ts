import { cellText } from "./find-rows.ts";
import type { Cell, Row } from "./piece.ts";

type Link = (href: string, text: string) => string;

/** A line of running text. */
export interface Line {
  text: string;
  size: number;
  y: number;
}

export interface PageTable {
  cells: string[][];
  /** Where its columns begin. */
  columns: number[];
  size: number;
}

/** Rows that follow each other, as lines of text and tables: rows whose cells stand under each other. */
export function findTables(rows: Row[], isRightToLeft: boolean, link: Link): (Line | PageTable)[] {
  const blocks: (Line | PageTable)[] = [];
  for (let at = 0; at < rows.length;) {
    const length = tableLength(rows, at);
    if (length > 0) {
      const table = readTable(rows.slice(at, at + length), isRightToLeft, link);
      blocks.push(...(isList(table) ? listLines(table, rows[at]!) : [table]));
      at += length;
    } else {
      const { cells, size, y } = rows[at]!;
      const ordered = isRightToLeft ? [...cells].reverse() : cells;
      blocks.push({ text: ordered.map((cell) => cellText(cell, link)).join(" "), size, y });
      at++;
    }
  }
  return blocks;
}

/** More cells side by side are no table that anybody reads. */
const mostColumns = 100;

const listMark = /^(?:[-–—•●▪◦*·]|\(?(?:\p{N}{1,3}|\p{L}|[ivxIVX]{1,5})[.)])$/u;

/** Marks and what hangs beside them are no table. */
const isList = ({ cells }: PageTable): boolean =>
  cells.every((row) => row.length === 2 && listMark.test(row[0]!) && row[1] !== "");

const listLines = ({ cells }: PageTable, { y, size }: Row): Line[] =>
  cells.map((row, index) => ({ text: row.join(" "), size, y: y - 1.2 * size * index }));

/** Lines of a table are closer than this, in letter heights. */
const widestPitch = 4.5;

/** How many rows from `at` on are a table: 0 where none begins. */
function tableLength(rows: Row[], at: number): number {
  const isOfSeveral = ({ cells }: Row): boolean => cells.length > 1 && cells.length <= mostColumns;
  if (!isOfSeveral(rows[at]!) && !(rows[at + 1] && isOfSeveral(rows[at + 1]!) && isSpan(rows, at))) return 0;
  let end = at;
  let last = at;
  let columns: Cell[] = [];
  for (; end < rows.length; end++) {
    const row = rows[end]!;
    if (end > at && rows[end - 1]!.y - row.y > widestPitch * Math.max(row.size, rows[end - 1]!.size)) break;
    if (isOfSeveral(row)) {
      const joined = joinColumns(columns, row);
      if (!joined) break;
      columns = joined;
      last = end;
    } else if (columns.length > 0 && columnsOf(row.cells[0]!, columns).length !== 1) break;
    else if (columns.length > 0 && row.cells[0]!.x < columns[0]!.right && !isWrapped(rows, end)) break;
  }
  // What follows in one column is the rest of its last row's cell.
  while (last + 1 < end && isWrapped(rows, last + 1) && rows[last + 1]!.cells[0]!.x > columns[0]!.right)
    last++;
  const several = rows.slice(at, last + 1).filter(isOfSeveral).length;
  return several >= 2 && columns.length > 1 ? last + 1 - at : 0;
}

/** A head over several columns stands above a row of them, close. */
const isSpan = (rows: Row[], at: number): boolean => {
  const [row, next] = [rows[at]!, rows[at + 1]!];
  const [only] = row.cells;
  const isOver = next.cells.filter(({ x, right }) => x < only!.right && right > only!.x).length > 1;
  return isOver && only!.x > next.cells[0]!.right && row.y - next.y < 2.5 * next.size;
};

/** A line as close to the one before as lines of a cell are. */
const isWrapped = (rows: Row[], at: number): boolean => {
  const [above, row] = [rows[at - 1], rows[at]!];
  return above !== undefined && above.size === row.size && above.y - row.y < 1.45 * row.size;
};

/** The columns with a row added; undefined where it does not go with them: its cells would join columns to one. */
function joinColumns(columns: Cell[], row: Row): Cell[] | undefined {
  if (columns.length === 0) return row.cells.map((cell) => ({ ...cell }));
  if (row.cells.some((cell) => columnsOf(cell, columns).length > 1)) {
    // A cell over several columns may stand above or among the rows, where the others keep to theirs.
    const narrow = row.cells.filter((cell) => columnsOf(cell, columns).length < 2);
    return narrow.length > 0 && row.cells.length < columns.length ? columns : undefined;
  }
  const joined = columns.map((column) => ({ ...column }));
  for (const cell of row.cells) {
    const [index] = columnsOf(cell, joined);
    if (index === undefined) {
      joined.push({ ...cell });
      joined.sort((a, b) => a.x - b.x);
    } else {
      const column = joined[index]!;
      // Two cells of a row in one column: the column was two that a wide cell hid.
      const rivals = row.cells.filter((other) => other !== cell && columnsOf(other, [column]).length > 0);
      if (rivals.length > 0) {
        joined.splice(index, 1, ...splitColumn(column, [cell, ...rivals]));
        continue;
      }
      column.x = Math.min(column.x, cell.x);
      column.right = Math.max(column.right, cell.right);
    }
  }
  const overlap = joined.some((column, index) => index > 0 && joined[index - 1]!.right > column.x);
  return overlap ? undefined : joined;
}

function splitColumn(column: Cell, cells: Cell[]): Cell[] {
  const parts = [...new Set(cells)].sort((a, b) => a.x - b.x).map((cell) => ({ ...cell }));
  parts[0]!.x = Math.min(parts[0]!.x, column.x);
  return parts;
}

/** Which columns a cell stands in or over. */
function columnsOf({ x, right }: { x: number; right: number }, columns: Cell[]): number[] {
  return columns.flatMap((column, index) => (x < column.right && right > column.x ? [index] : []));
}

function readTable(rows: Row[], isRightToLeft: boolean, link: Link): PageTable {
  const widest = Math.max(...rows.map(({ cells }) => cells.length));
  let columns: Cell[] = [];
  for (const row of rows) {
    if (row.cells.length === widest || columns.length > 0) {
      const before = columns;
      columns = joinColumns(columns, row) ?? before;
    }
  }
  const lines = rows.map((row) => {
    const texts = columns.map(() => "");
    for (const cell of row.cells.flatMap((each) => partCell(each, columns))) {
      const over = columnsOf(cell, columns);
      for (const index of over.length > 0 ? over : [nearest(cell, columns)]) {
        texts[index] = `${texts[index]} ${cellText(cell, link)}`.trim();
      }
    }
    return { texts, y: row.y, size: row.size };
  });
  const cells = groupLines(spreadBetween(lines));
  const order = (row: string[]): string[] => (isRightToLeft ? [...row].reverse() : row);
  return { cells: cells.map(order), columns: columns.map(({ x }) => x), size: rows[0]!.size };
}

/** What stands close together and yet in columns of its own. */
function partCell(cell: Cell, columns: Cell[]): Cell[] {
  if (columnsOf(cell, columns).length < 2) return [cell];
  const places = cell.pieces.map((piece) => columnsOf({ x: piece.x, right: piece.x + piece.width }, columns));
  if (places.some((over) => over.length !== 1)) return [cell];
  return [...new Set(places.map(([column]) => column!))].map((column) => {
    const pieces = cell.pieces.filter((_, index) => places[index]![0] === column);
    const rights = pieces.map(({ x, width }) => x + width);
    return { pieces, x: Math.min(...pieces.map(({ x }) => x)), right: Math.max(...rights) };
  });
}

function nearest({ x, right }: Cell, columns: Cell[]): number {
  const middle = (x + right) / 2;
  const distance = (column: Cell): number => Math.abs((column.x + column.right) / 2 - middle);
  return columns.reduce(
    (best, column, index) => (distance(column) < distance(columns[best]!) ? index : best),
    0,
  );
}

interface TableLine {
  texts: string[];
  y: number;
  size: number;
}

/**
 * What stands between two lines, in columns that they leave empty, is in the middle of a cell that reaches over both:
 * it counts for each.
 */
function spreadBetween(lines: TableLine[]): TableLine[] {
  const pitch = Math.max(...lines.slice(1).map((line, index) => lines[index]!.y - line.y));
  const isBeside = (line: TableLine, other: TableLine | undefined): other is TableLine =>
    other !== undefined &&
    Math.abs(other.y - line.y) < 0.7 * pitch &&
    line.texts.every((text, column) => text === "" || other.texts[column] === "");
  const spread = lines.map((line) => ({ ...line, texts: [...line.texts] }));
  const gone = new Set<number>();
  for (const [index, line] of lines.entries()) {
    const [above, below] = [lines[index - 1], lines[index + 1]];
    if (!isBeside(line, above) || !isBeside(line, below) || gone.has(index - 1)) continue;
    for (const [column, text] of line.texts.entries()) {
      if (text === "") continue;
      spread[index - 1]!.texts[column] = text;
      spread[index + 1]!.texts[column] = text;
    }
    gone.add(index);
  }
  return spread.filter((_, index) => !gone.has(index));
}

/** Lines to rows: cells of several lines stand closer together than rows do, or go on in the midst of a sentence. */
function groupLines(lines: TableLine[]): string[][] {
  const steps = lines.slice(1).map((line, index) => lines[index]!.y - line.y);
  const smallest = Math.min(...steps);
  const parts = steps.some((step) => step > 1.35 * smallest)
    ? group(lines, (step) => step <= 1.2 * smallest)
    : [];
  const isSound = parts.length > 1 && parts.every((part) => part.some(({ texts }) => texts[0] !== ""));
  const hasSeveral = parts.some(
    (part) => part.filter(({ texts }) => texts[0] !== "").length > 1 || part.slice(1).some(isRow),
  );
  if (isSound && !hasSeveral) return parts.map(joinLines);
  const longest = Math.max(...steps);
  return group(lines, (step, { texts, size }, above) => {
    if (texts[0] !== "" || isRow({ texts })) return false;
    const goesOn = texts.every((text, index) => text === "" || above.texts[index] !== "");
    const isClose = step < 1.45 * size;
    return goesOn && isClose && (smallest < 0.9 * longest || texts.some((text) => /^\p{Ll}/u.test(text)));
  }).map(joinLines);
}

/** Several short entries that begin anew: a row, if not the rest of one. */
function isRow({ texts }: Pick<TableLine, "texts">): boolean {
  const filled = texts.filter((text) => text !== "");
  return filled.length > 1 && filled.every((text) => !/^\p{Ll}/u.test(text) && text.split(" ").length <= 4);
}

function group(
  lines: TableLine[],
  belongs: (step: number, line: TableLine, above: TableLine) => boolean,
): TableLine[][] {
  const parts: TableLine[][] = [];
  for (const [index, line] of lines.entries()) {
    const above = lines[index - 1];
    if (above && belongs(above.y - line.y, line, above)) parts.at(-1)!.push(line);
    else parts.push([line]);
  }
  return parts;
}

function joinLines(part: TableLine[]): string[] {
  return part[0]!.texts.map((_, column) => {
    let text = "";
    for (const { texts } of part) {
      const more = texts[column]!;
      const isDivided = /\p{Ll}[-\u2010\u00ad]$/u.test(text) && /^\p{Ll}/u.test(more);
      text = isDivided ? text.slice(0, -1) + more : `${text} ${more}`.trim();
    }
    return text;
  });
}
