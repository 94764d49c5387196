import { CsvError, parse } from "csv-parse/sync";
import { requireText, titleFromName, unusable, type Parse } from "../parser.ts";
import { cleanText } from "../text/clean-text.ts";
import { TextBuilder } from "../text/text-builder.ts";
import { decodeText } from "../text/text-encoding.ts";

/** Tables as text: the delimiter is found by trying, and a first row of names is the head of all others. (RFC 4180.) */
export const parseCsv: Parse = (bytes, name) => {
  const out = new TextBuilder();
  const source = cleanText(decodeText(bytes, { warn: (message) => out.warn(message) }));
  // Some programs name the delimiter in a first line.
  const named = /^sep=(.)\n/i.exec(source);
  const body = named ? source.slice(named[0].length) : source;
  const rows = readRows(body, named?.[1] ?? findDelimiter(body));
  const [first = []] = rows;
  const isFigure = (cell: string): boolean => /^\s*[-+]?[\d.,]+\s*%?\s*$/.test(cell);
  const isHead = rows.length > 1 && !first.some(isFigure) && first.some((cell) => cell.trim() !== "");
  const wider = rows.filter((row) => row.length > first.length).length;
  if (isHead && wider > 0) out.warn(`${wider} rows have more cells than the first.`);
  out.table({ rows, headRows: isHead ? 1 : 0 });
  return requireText(out.finish(titleFromName(name)));
};

function readRows(source: string, delimiter: string): string[][] {
  try {
    return parse(source, { delimiter, relaxColumnCount: true, relaxQuotes: true, skipEmptyLines: true });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw unusable(
      "LORAG_UNREADABLE",
      `its rows cannot be told apart (${cause.message})`,
      "Mend the quotation marks, or save it as .xlsx.",
      cause,
    );
  }
}

/** The one that most rows have equally often, outside quotation marks. */
function findDelimiter(source: string): string {
  const lines = source
    .slice(0, 100_000)
    .replace(/"[^"]*"/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(0, 100);
  const scores = [",", ";", "\t", "|"].map((delimiter) => {
    const counts = lines.map((line) => line.split(delimiter).length - 1);
    const usual = counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0;
    return {
      delimiter,
      score: usual === 0 ? 0 : counts.filter((count) => count === usual).length + usual / 1000,
    };
  });
  return scores.reduce((best, each) => (each.score > best.score ? each : best)).delimiter;
}
