import { Readable } from "node:stream";
import { parse } from "csv-parse";
import { LoragError } from "../../contracts/index.ts";
import { textPieces, type ByteSource } from "../../platform/index.ts";
import { linesOf } from "./json-lines.ts";
import { rowsOfTable, type Row } from "./row.ts";

const delimiters = [",", ";", "\t", "|"];

/** A table of values parted by commas, semicolons, tabs or bars, whichever its header has most of (RFC 4180). */
export async function* readCsv(source: ByteSource): AsyncGenerator<Row> {
  const [header] = linesOf(textPieces(source));
  const parser = Readable.from(textPieces(source)).pipe(
    parse({ delimiter: delimiterOf(header?.text ?? ""), relax_column_count: true }),
  );
  let number = 0;
  let columns: string[] = [];
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      number++;
      if (number === 1) columns = cells;
      else
        yield* rowsOfTable([
          { number: 1, cells: columns },
          { number, cells },
        ]);
    }
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith("CSV_") !== true) throw error;
    throw openQuote(source.name, error as Error);
  }
}

function openQuote(name: string, cause: Error): LoragError {
  return new LoragError({
    code: "LORAG_EXAMPLES_INVALID",
    kind: "data",
    message: `${name} is a table in which a quote is not closed, or stands inside a cell: ${cause.message}`,
    next: 'Put cells with quotes in quotes, each quote in them doubled ("").',
    cause,
  });
}

export function delimiterOf(line: string): string {
  const counts = delimiters.map((delimiter) => unquoted(line).split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))]!;
}

export const unquoted = (line: string): string => line.replace(/"(?:[^"]|"")*"/g, "");
