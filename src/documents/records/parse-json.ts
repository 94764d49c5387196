import { requireText, titleFromName, unusable, type Parse } from "../parser.ts";
import { TextBuilder } from "../text/text-builder.ts";
import { decodeText } from "../text/text-encoding.ts";
import { isRecord, plainValue, readJson, type JsonValue } from "./read-json.ts";

/** A list of flat records is a table, any other value a block of `key: value` lines, with the path to each nested one. */
export const parseJson: Parse = (bytes, name) => {
  const out = new TextBuilder();
  const source = decodeText(bytes, { warn: (message) => out.warn(message) });
  try {
    write(readJson(source), out);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    // Lines of JSON are often named .json, too.
    if (!writeLines(source, out)) {
      throw unusable(
        "LORAG_UNREADABLE",
        `it is not JSON (${cause.message})`,
        "Mend it, or save it as text.",
        cause,
      );
    }
  }
  return requireText(out.finish(titleFromName(name)));
};

/** A value on each line. One that cannot be read is told, and the others go on. */
export const parseJsonLines: Parse = (bytes, name) => {
  const out = new TextBuilder();
  const source = decodeText(bytes, { warn: (message) => out.warn(message) });
  if (!writeLines(source, out)) {
    throw unusable("LORAG_UNREADABLE", "none of its lines is JSON", "Mend it, or save it as text.");
  }
  return requireText(out.finish(titleFromName(name)));
};

function writeLines(source: string, out: TextBuilder): boolean {
  const records: JsonValue[] = [];
  const broken: number[] = [];
  for (const [index, line] of source.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    try {
      records.push(readJson(line));
    } catch {
      broken.push(index + 1);
    }
  }
  if (records.length <= broken.length) return false;
  if (broken.length > 0)
    out.warn(`Lines that are not JSON were left out: ${broken.slice(0, 10).join(", ")}.`);
  write(records, out);
  return true;
}

function write(value: JsonValue, out: TextBuilder): void {
  if (!Array.isArray(value)) {
    if (isRecord(value)) writeRecord(value, out, 1);
    else out.block(plainValue(value) ?? "");
    return;
  }
  const columns = tableColumns(value);
  if (columns)
    out.table({
      rows: [
        columns,
        ...value.map((row) => columns.map((key) => (isRecord(row) ? (plainValue(row[key]) ?? "") : ""))),
      ],
      headRows: 1,
    });
  else for (const each of value) write(each, out);
}

/** A record whose members are lists or records has a heading for each of them, as far as headings go. */
function writeRecord(record: { [key: string]: JsonValue }, out: TextBuilder, level: number): void {
  const entries = Object.entries(record);
  const isPlain = (value: JsonValue): boolean => plainValue(value) !== undefined || isPlainList(value);
  out.block(
    entries
      .filter(([, value]) => isPlain(value))
      .map(([key, value]) => `${key}: ${line(value)}`)
      .join("\n"),
  );
  for (const [key, value] of entries) {
    if (isPlain(value)) continue;
    if (level <= 6 && key.length < 100) out.heading(level, key);
    else out.block(`${key}:`);
    if (isRecord(value) && level < 100) writeRecord(value, out, level + 1);
    else if (Array.isArray(value)) {
      const columns = tableColumns(value);
      if (columns) write(value, out);
      else
        for (const each of value)
          if (isRecord(each) && level < 100) writeRecord(each, out, level + 1);
          else write(each, out);
    }
  }
}

const isPlainList = (value: JsonValue): boolean =>
  Array.isArray(value) && value.every((each) => plainValue(each) !== undefined);

const line = (value: JsonValue): string =>
  Array.isArray(value) ? value.map((each) => plainValue(each)).join(", ") : (plainValue(value) ?? "");

/** Of records that have short plain values alone, and mostly the same ones. */
function tableColumns(values: JsonValue[]): string[] | undefined {
  if (values.length < 2 || !values.every(isRecord)) return undefined;
  const columns = [...new Set(values.flatMap((row) => Object.keys(row)))];
  const filled = values.reduce((sum, row) => sum + Object.keys(row).length, 0);
  const isFlat = values.every((row) =>
    Object.values(row).every((value) => (plainValue(value)?.length ?? 1000) < 200),
  );
  return isFlat && columns.length <= 40 && filled >= 0.5 * columns.length * values.length
    ? columns
    : undefined;
}
