import { CsvError, parse } from "csv-parse/sync";
import { LoragError } from "../contracts/index.ts";
import { decodeText, readFirstSheet, readXml } from "../documents/index.ts";
import type { GlossaryEntry, LanguagePair } from "./glossary-entry.ts";
import { readTable } from "./read-table.ts";
import { readTbx, readTei, readTmx } from "./read-term-xml.ts";

type Read = (
  bytes: Uint8Array,
  name: string,
  pair: LanguagePair,
) => GlossaryEntry[] | Promise<GlossaryEntry[]>;

const readCsv: Read = (bytes, name, pair) => readTable(rowsOf(decodeText(bytes), name), pair);
/** Names that say by themselves that tabs part the fields. */
const tabbed = /\.(?:tsv|tab)$/iu;

const readXmlFile: Read = (bytes, name, pair) => {
  const root = readXml(decodeText(bytes), name, { allowDoctype: true });
  const read = byRoot[root.name];
  if (!read) throw unreadable(name, `its root element is <${root.name}>`);
  return read(root, pair);
};

const byRoot: Record<string, (root: ReturnType<typeof readXml>, pair: LanguagePair) => GlossaryEntry[]> = {
  martif: readTbx,
  tbx: readTbx,
  tmx: readTmx,
  TEI: readTei,
};

/** By the end of the name: a new format is a row. */
const formats: Record<string, Read> = {
  csv: readCsv,
  tsv: readCsv,
  tab: readCsv,
  txt: readCsv,
  utf8: readCsv,
  xlsx: async (bytes, _, pair) => readTable(await readFirstSheet(bytes), pair),
  tbx: readXmlFile,
  tmx: readXmlFile,
  tei: readXmlFile,
  xml: readXmlFile,
};

/**
 * The entries of a glossary file: CSV or TSV (DeepL's and Google's too), XLSX, TBX, TMX, FreeDict's TEI. `pair` chooses
 * among languages. Throws LORAG_BAD_GLOSSARY, LORAG_UNREADABLE, LORAG_BAD_ARCHIVE.
 */
export async function parseGlossary(
  bytes: Uint8Array,
  name: string,
  pair: LanguagePair = {},
): Promise<GlossaryEntry[]> {
  const read = formats[/[^.]*$/u.exec(name)![0].toLowerCase()];
  if (!read) throw unreadable(name, "its name says none of the formats that are read");
  const entries = await read(bytes, name, pair);
  if (entries.length === 0) throw unreadable(name, "it holds no entry");
  return entries;
}

function rowsOf(text: string, name: string): string[][] {
  const delimiter = tabbed.test(name) ? "\t" : guessDelimiter(text);
  try {
    return split(text, delimiter);
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw unreadable(name, `its rows cannot be told apart (${cause.message})`, cause);
  }
}

/** Rows that are looked at to tell what parts their fields. */
const sampled = 50;

/** The sign that parts most of the first rows into equally many fields: one may stand in a field of a few. */
function guessDelimiter(text: string): string {
  const agreeing = (sign: string): number => {
    const counts = new Map<number, number>();
    try {
      for (const { length } of split(text, sign, sampled))
        if (length > 1) counts.set(length, (counts.get(length) ?? 0) + 1);
    } catch {
      return 0;
    }
    return Math.max(0, ...counts.values());
  };
  const scored = ["\t", ",", ";"].map((sign) => [agreeing(sign), sign] as const);
  return scored.reduce((best, other) => (other[0] > best[0] ? other : best))[1];
}

function split(text: string, delimiter: string, rows?: number): string[][] {
  const isTabbed = delimiter === "\t";
  const found = parse(text, {
    delimiter,
    // Tabs part fields as they are; a quotation mark there is one, unless spreadsheets put it around a field.
    quote: isTabbed ? null : '"',
    relaxColumnCount: true,
    relaxQuotes: true,
    skipEmptyLines: true,
    bom: true,
    ...(rows !== undefined && { to: rows }),
  });
  return isTabbed ? found.map((row) => row.map(unquote)) : found;
}

const unquote = (field: string): string =>
  /^"(?:[^"]|"")*"$/u.test(field) ? field.slice(1, -1).replaceAll('""', '"') : field;

function unreadable(name: string, why: string, cause?: unknown): LoragError {
  return new LoragError({
    code: "LORAG_BAD_GLOSSARY",
    kind: "data",
    message: `The glossary ${name} cannot be used: ${why}`,
    next: `Give it as ${Object.keys(formats).join(", ")}, with a term and its translation in each row or entry.`,
    ...(cause !== undefined && { cause }),
  });
}
