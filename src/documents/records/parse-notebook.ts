import { parseMarkdown } from "../markdown/parse-markdown.ts";
import {
  requireText,
  titleFromName,
  topHeading,
  unusable,
  type Parse,
  type ParsedDocument,
} from "../parser.ts";
import { decodeText } from "../text/text-encoding.ts";
import { isRecord, plainValue, readJson, type JsonValue } from "./read-json.ts";

/**
 * Jupyter notebooks (nbformat 4): cells of text are Markdown, cells of code and what they printed are code. They are
 * put together as one Markdown file, which has all that a notebook's text can.
 */
export const parseNotebook: Parse = async (bytes, name, options) => {
  const cells = readCells(decodeText(bytes));
  const left = new Set<string>();
  const source = cells.map((cell) => cellSource(cell, left)).filter((text) => text.trim() !== "");
  let parsed: ParsedDocument;
  try {
    parsed = await parseMarkdown(Buffer.from(`\n${source.join("\n\n")}\n`), name, options);
  } catch (error) {
    if (source.length > 0) throw error;
    throw unusable(
      "LORAG_EMPTY_DOCUMENT",
      "the notebook has no cells with text",
      "Remove it, or put its text in.",
      error,
    );
  }
  const warnings = [...(parsed.warnings ?? []), ...left];
  return requireText({
    ...parsed,
    title: topHeading(parsed.headings) ?? titleFromName(name),
    ...(warnings.length > 0 && { warnings }),
  });
};

type Cell = { [key: string]: JsonValue };

function readCells(text: string): Cell[] {
  let notebook: JsonValue;
  try {
    notebook = readJson(text);
  } catch (cause) {
    throw unusable(
      "LORAG_UNREADABLE",
      `it is not JSON (${String(cause)})`,
      "Open it in Jupyter and save it again.",
      cause,
    );
  }
  const sheets = isRecord(notebook) ? notebook["worksheets"] : undefined;
  // Version 3 had sheets.
  const cells = isRecord(notebook)
    ? (notebook["cells"] ?? (Array.isArray(sheets) && isRecord(sheets[0]) ? sheets[0]["cells"] : undefined))
    : undefined;
  if (!Array.isArray(cells)) {
    throw unusable(
      "LORAG_UNREADABLE",
      "it is no notebook: it has no cells",
      "Open it in Jupyter and save it again.",
    );
  }
  return cells.filter(isRecord);
}

function cellSource(cell: Cell, left: Set<string>): string {
  const text = joined(cell["source"] ?? cell["input"]);
  const type = plainValue(cell["cell_type"]);
  if (type === "markdown") return text;
  if (type === "heading") return `${"#".repeat(Number(plainValue(cell["level"])) || 1)} ${text}`;
  if (type === "raw") return fenced(text);
  const outputs = Array.isArray(cell["outputs"]) ? cell["outputs"].filter(isRecord) : [];
  return [fenced(text), ...outputs.map((output) => fenced(outputText(output, left)))]
    .filter(Boolean)
    .join("\n\n");
}

function outputText(output: Cell, left: Set<string>): string {
  const data = isRecord(output["data"]) ? output["data"] : {};
  if (Object.keys(data).some((type) => type.startsWith("image/")))
    left.add("Pictures that cells drew were left out.");
  if (plainValue(output["output_type"]) === "error")
    return `${plainValue(output["ename"])}: ${plainValue(output["evalue"])}`;
  // oxlint-disable-next-line no-control-regex -- colours of a terminal
  return (joined(output["text"]) || joined(data["text/plain"])).replace(/\u001b\[[\d;]*m/g, "");
}

/** Lines are kept as a list. */
const joined = (value: JsonValue | undefined): string =>
  Array.isArray(value) ? value.map((line) => plainValue(line) ?? "").join("") : (plainValue(value) ?? "");

function fenced(text: string): string {
  if (text.trim() === "") return "";
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map((run) => run[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text.trimEnd()}\n${fence}`;
}
