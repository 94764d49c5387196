import Papa from "papaparse";
import { requireText, titleFromName, type Parse } from "../parser.ts";
import { cleanText } from "../text/clean-text.ts";
import { TextBuilder } from "../text/text-builder.ts";
import { decodeText } from "../text/text-encoding.ts";

/** Tables as text: the delimiter is found by trying, and a first row of names is the head of all others. (RFC 4180.) */
export const parseCsv: Parse = (bytes, name) => {
  const out = new TextBuilder();
  const source = cleanText(decodeText(bytes, { warn: (message) => out.warn(message) }));
  // Some programs name the delimiter in a first line.
  const named = /^sep=(.)\n/i.exec(source);
  const delimiter = named?.[1] ?? (/\.tsv$|\.tab$/i.test(name) ? "\t" : "");
  const { data, errors } = Papa.parse<string[]>(named ? source.slice(named[0].length) : source, {
    delimiter,
    skipEmptyLines: "greedy",
  });
  for (const { code, message, row } of errors) {
    if (code !== "UndetectableDelimiter")
      out.warn(`Row ${(row ?? 0) + 1} is not as it should be: ${message}.`);
  }
  const [first = []] = data;
  const isHead =
    data.length > 1 &&
    first.every((cell) => !/^\s*[-+]?[\d.,]+\s*%?\s*$/.test(cell)) &&
    first.some((cell) => cell.trim() !== "");
  const width = first.length;
  const wider = data.filter((row) => row.length > width).length;
  if (isHead && wider > 0) out.warn(`${wider} rows have more cells than the first.`);
  out.table({ rows: data, headRows: isHead ? 1 : 0 });
  return requireText(out.finish(titleFromName(name)));
};
