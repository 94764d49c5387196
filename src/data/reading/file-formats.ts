import type { FileFormatName } from "../../contracts/index.ts";
import type { ByteSource } from "../../platform/index.ts";
import { delimiterOf, readCsv, unquoted } from "./csv.ts";
import { readJsonLines } from "./json-lines.ts";
import { aroundExamples, readJsonValues } from "./json-values.ts";
import { readParquet } from "./parquet.ts";
import { readQuestionText } from "./question-text-file.ts";
import type { ReadingOptions, Row } from "./row.ts";
import { readXlsx } from "./xlsx.ts";

/** What tells formats apart: a file's name, and how its content begins. */
interface Beginning {
  extension: string;
  text: string;
}

export interface FileFormat {
  isIn: (beginning: Beginning) => boolean;
  rows: (source: ByteSource, options: ReadingOptions) => Iterable<Row> | AsyncIterable<Row>;
  /** Its rows are flat: columns of its own stand for keys inside `metadata`. */
  isTable?: boolean;
  /** Its bytes are no text. */
  isPacked?: boolean;
}

/** By the names of `ds_type`. The first that recognises a file reads it. */
export const fileFormats: Record<FileFormatName, FileFormat> = {
  parquet: { isIn: ({ text }) => text.startsWith("PAR1"), rows: readParquet, isTable: true, isPacked: true },
  xlsx: {
    isIn: ({ text }) => text.startsWith("PK\u0003\u0004"),
    rows: readXlsx,
    isTable: true,
    isPacked: true,
  },
  json: { isIn: isJsonValues, rows: readJsonValues },
  jsonl: {
    isIn: ({ text, extension }) => text.startsWith("{") || /^(jsonl|ndjson|json)?$/.test(extension),
    rows: readJsonLines,
  },
  csv: {
    isIn: ({ text, extension }) => /^(csv|tsv|tab)$/.test(extension) || (extension !== "md" && isTable(text)),
    rows: readCsv,
    isTable: true,
  },
  text: { isIn: () => true, rows: readQuestionText },
};

const beginningBytes = 1 << 16;

/** The format of a file, by its content, and by its name where that says nothing. */
export function detectFormat(source: ByteSource): FileFormatName {
  const bytes = source.read(0, Math.min(beginningBytes, source.size));
  const text = new TextDecoder().decode(bytes).trimStart();
  const extension = /\.([^.\\/]+)$/.exec(source.name)?.[1]?.toLowerCase() ?? "";
  const names = Object.keys(fileFormats) as FileFormatName[];
  return names.find((name) => fileFormats[name].isIn({ extension, text })) ?? "text";
}

/** An array; an object over many lines; or one around an array of examples. */
function isJsonValues({ text }: Beginning): boolean {
  if (/^\[\s*[[{\]]/.test(text)) return true;
  const [first, second = ""] = text.split("\n") as [string, string?];
  if (aroundExamples.test(first)) return true;
  return /^\{\s*(?:"[^"]*"\s*:.*[,[{]\s*)?$/.test(first) && /^\s*["}]/.test(second);
}

/** The first lines have as many cells as the header, and more than one. */
function isTable(text: string): boolean {
  const lines = unquoted(text)
    .split(/\r?\n/)
    .slice(0, -1)
    .slice(0, 5)
    .filter((line) => line.trim() !== "");
  const delimiter = delimiterOf(lines[0] ?? "");
  const widths = lines.map((line) => line.split(delimiter).length);
  return widths.length > 1 && widths[0]! > 1 && widths.every((width) => width >= widths[0]!);
}
