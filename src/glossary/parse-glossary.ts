import { CsvError, parse } from "csv-parse/sync";
import { LoragError } from "../contracts/index.ts";
import { decodeText, readXml } from "../documents/index.ts";
import type { GlossaryEntry, LanguagePair } from "./glossary-entry.ts";
import { readTable } from "./read-table.ts";
import { readTbx, readTei, readTmx } from "./read-term-xml.ts";
import { readWorkbook } from "./read-workbook.ts";

type Read = (
  bytes: Uint8Array,
  name: string,
  pair: LanguagePair,
) => GlossaryEntry[] | Promise<GlossaryEntry[]>;

const readCsv: Read = (bytes, name, pair) => readTable(rowsOf(decodeText(bytes), name), pair);

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
  txt: readCsv,
  xlsx: async (bytes, _, pair) => readTable(await readWorkbook(bytes), pair),
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
  const [line = ""] = text.split("\n", 1);
  const delimiter = ["\t", ";", ","].find((sign) => line.includes(sign)) ?? ",";
  try {
    // Tabs part fields as they are; a quotation mark there is one.
    const quote = delimiter === "\t" ? null : '"';
    return parse(text, {
      delimiter,
      quote,
      relaxColumnCount: true,
      relaxQuotes: true,
      skipEmptyLines: true,
      bom: true,
    });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw unreadable(name, `its rows cannot be told apart (${cause.message})`, cause);
  }
}

function unreadable(name: string, why: string, cause?: unknown): LoragError {
  return new LoragError({
    code: "LORAG_BAD_GLOSSARY",
    kind: "data",
    message: `The glossary ${name} cannot be used: ${why}`,
    next: `Give it as ${Object.keys(formats).join(", ")}, with a term and its translation in each row or entry.`,
    ...(cause !== undefined && { cause }),
  });
}
