import { LoragError, type SourceEntry } from "../../contracts/index.ts";
import { readRows } from "../../platform/index.ts";
import type { DocumentFile } from "./document-file.ts";

const extensionOf = { text: ".txt", markdown: ".md", html: ".html" };

/** A document for each row of the query. Columns without a part of their own follow the text, one a line. */
export async function listDatabase(
  database: string,
  source: SourceEntry,
  signal?: AbortSignal,
): Promise<DocumentFile[]> {
  const { query = "", most, field_id, field_text, field_title, format } = source;
  const rows = await readRows({ database, query, most, ...(signal && { signal }) });
  const named = [field_id, field_text, ...(field_title === undefined ? [] : [field_title])];
  const missing = rows.length > 0 ? named.filter((column) => !(column in rows[0]!)) : [];
  if (missing.length > 0) {
    throw new LoragError({
      code: "LORAG_DATABASE",
      kind: "config",
      message: `The query of ${database} gives no column ${missing.join(", ")}, but ${Object.keys(rows[0]!).join(", ")}`,
      next: "Name them in the query (`SELECT body AS text`), or set field_id, field_text and field_title.",
    });
  }
  const place = database.split("/").at(-1)!.replace(/\?.*$/, "");
  const seen = new Set<string>();
  return rows.map((row) => {
    const id = `${place}/${toText(row[field_id])}`;
    if (seen.has(id)) throw repeated(database, field_id, toText(row[field_id]));
    seen.add(id);
    const others = Object.entries(row)
      .filter(([column, value]) => !named.includes(column) && toText(value) !== "")
      .map(([column, value]) => `${column}: ${toText(value)}`);
    const text = [toText(row[field_text]), ...others].filter(Boolean);
    const lines =
      format === "html" ? text.map((part, index) => (index === 0 ? part : `<p>${part}</p>`)) : text;
    const title = field_title === undefined ? "" : toText(row[field_title]);
    const content = {
      bytes: new TextEncoder().encode(lines.join("\n\n")),
      name: `${toText(row[field_id])}${extensionOf[format]}`,
      ...(title !== "" && { title }),
    };
    return { id, read: () => Promise.resolve(content) };
  });
}

function toText(value: unknown): string {
  if (value === null || value === undefined || value instanceof Uint8Array) return "";
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value as string | number);
}

function repeated(database: string, column: string, id: string): LoragError {
  return new LoragError({
    code: "LORAG_DATABASE",
    kind: "config",
    message: `The query of ${database} gives two rows with ${column} ${JSON.stringify(id)}`,
    next: "Let field_id name a column that is different in each row.",
  });
}
