/** A record of a file, before it is known what it means. */
export interface Row {
  /** For people: `line 3`, `row 3`, `item 3`. */
  place: string;
  /** The same as a number, from 1. */
  number: number;
  /** By key or column; absent where `problem` says why it could not be read. */
  value?: Record<string, unknown>;
  problem?: string;
  /** What was read, but perhaps not as it was meant. */
  notes?: string[];
}

/** How rows are read, as a dataset of `lorag.yaml` says it. */
export interface ReadingOptions {
  /** The sheet of a workbook. */
  name?: string | undefined;
}

/** The rows of a table, whose first one names the columns. A cell that is empty is null. */
export function* rowsOfTable(
  table: Iterable<{ number: number; cells: string[] }>,
  what = "row",
): Generator<Row> {
  let columns: string[] | undefined;
  for (const { number, cells } of table) {
    if (cells.every((cell) => cell.trim() === "")) continue;
    if (!columns) {
      columns = cells.map((cell) => cell.trim());
      const twice = columns.find((column, index) => column !== "" && columns!.indexOf(column) < index);
      if (twice !== undefined) {
        // Which of them is meant cannot be told, and none of the rows is read as if it could.
        yield {
          place: `${what} ${number}`,
          number,
          problem: `two columns are called ${JSON.stringify(twice)}`,
        };
        return;
      }
      continue;
    }
    const place = `${what} ${number}`;
    const extra = cells.slice(columns.length).filter((cell) => cell.trim() !== "");
    if (extra.length > 0) {
      const problem = `has ${cells.length} cells, and the header ${columns.length}: ${extra[0]!.slice(0, 60)}`;
      yield { place, number, problem };
      continue;
    }
    const entries = columns.map(
      (column, index) => [column, cells[index]?.trim() ? cells[index] : null] as const,
    );
    yield { place, number, value: Object.fromEntries(entries.filter(([column]) => column !== "")) };
  }
}
