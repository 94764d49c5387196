/** A table as a parser hands it over: cells in rows, merged ones already repeated. */
export interface Table {
  caption?: string;
  rows: string[][];
  /** How many of the first rows are its head; guessed where it is not known. */
  headRows?: number;
  /** Head rows of a table that goes on here: they stand further up in the text, and count for these rows, too. */
  above?: string[][];
}

/** The lines of a table, a caption first, and how many of them are its head. Rows and columns without text go. */
export function readTable(
  { caption = "", rows, headRows }: Table,
  clean: (cell: string) => string,
): { lines: string[]; headLines: number } {
  const cleaned = rows.map((row) => row.map(clean));
  const known = headRows ?? guessHeadRows(cleaned);
  const width = cleaned.reduce((most, row) => Math.max(most, row.length), 0);
  const used = Array.from({ length: width }, (_, column) => cleaned.some((row) => row[column]));
  const lines = cleaned.map((row) =>
    row.some(Boolean)
      ? row
          .filter((_, column) => used[column])
          .join(" | ")
          .trimEnd()
      : "",
  );
  const head = lines.slice(0, known).filter(Boolean);
  const body = lines.slice(known).filter(Boolean);
  const title = clean(caption);
  const first = title === "" || head.length + body.length === 0 ? [] : [title];
  return { lines: [...first, ...head, ...body], headLines: first.length + head.length };
}

/**
 * Without marks, a first row is a head when it names columns: each filled, short, different and no figure. Rows with
 * gaps are when they have words where the rows below have figures.
 */
export function guessHeadRows(rows: string[][]): number {
  const [first, ...rest] = rows;
  if (!first || first.length < 2 || rest.length < 2) return 0;
  const isName = (cell: string): boolean => cell !== "" && cell.length <= 60 && !isFigure(cell);
  // A year names a column where the column does not hold years itself.
  const isYear = (cell: string, column: number): boolean =>
    column > 0 && year.test(cell) && rest.every((row) => !year.test(row[column] ?? ""));
  const isHead = first.every((cell, column) => isName(cell) || isYear(cell, column));
  if (isHead && isName(first[0]!) && new Set(first).size === first.length) return 1;
  return headOverFigures(rows);
}

const year = /^(?:19|20)\d\d$/;

const isFigure = (cell: string): boolean => /^[\d\s.,:%€$£+/–-]*\d[\d\s.,:%€$£+/–-]*$/.test(cell);

/** Heads take few rows. */
const mostHeadRows = 3;

function headOverFigures(rows: string[][]): number {
  const below = rows.slice(mostHeadRows);
  const columns = rows[0]!.flatMap((_, column) => {
    const filled = below.filter((row) => (row[column] ?? "") !== "");
    const figures = filled.filter((row) => isFigure(row[column]!));
    return filled.length >= 2 && figures.length > 0.7 * filled.length ? [column] : [];
  });
  if (columns.length === 0) return 0;
  const isHead = (row: string[]): boolean => columns.every((column) => !isFigure(row[column] ?? ""));
  const count = rows.findIndex((row) => !isHead(row));
  const isNamed = rows.slice(0, count).some((row) => columns.some((column) => (row[column] ?? "") !== ""));
  return count <= mostHeadRows && isNamed ? Math.max(0, count) : 0;
}

interface Cell {
  text: string;
  rowSpan: number;
  columnSpan: number;
}

/** The most columns and rows that one merged cell fills: more is a mistake, or an attack. */
const widestSpan = 1000;
const highestSpan = 1000;

/** Cells with spans to a grid: a merged cell's text stands in each place that it covers. */
export function spread(rows: Cell[][]): string[][] {
  /** By column: text of cells above that reach down, and how many rows they still do. */
  const hanging = new Map<number, { text: string; left: number }>();
  return rows.map((cells) => {
    const row: string[] = [];
    const fillHanging = (): void => {
      for (let above = hanging.get(row.length); above; above = hanging.get(row.length)) {
        if (--above.left === 0) hanging.delete(row.length);
        row.push(above.text);
      }
    };
    for (const { text, rowSpan, columnSpan } of cells) {
      fillHanging();
      for (let i = 0; i < Math.min(Math.max(1, columnSpan), widestSpan); i++) {
        if (rowSpan > 1) hanging.set(row.length, { text, left: Math.min(rowSpan, highestSpan) - 1 });
        row.push(text);
      }
    }
    fillHanging();
    return row;
  });
}
