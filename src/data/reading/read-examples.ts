import {
  LoragError,
  type Dataset,
  type Example,
  type RowTypeName,
  type FileFormatName,
} from "../../contracts/index.ts";
import type { ByteSource } from "../../platform/index.ts";
import { counted } from "../../text/index.ts";
import type { DataWarning } from "../check-examples.ts";
import { detectFormat, fileFormats, type FileFormat } from "./file-formats.ts";
import { readExample, type ExampleRow } from "./read-example.ts";
import { RowNotes } from "./row-notes.ts";
import { utf8Source } from "./utf8-source.ts";

/** How a file is read, where its content does not say it by itself. */
export interface ReadOptions {
  /** Axolotl's `ds_type`. */
  format?: FileFormatName | undefined;
  type?: RowTypeName | undefined;
  /** Of a workbook. */
  sheet?: string | undefined;
  /** Columns, by the keys that they stand for. */
  fields?: Record<string, string> | undefined;
  /** The same of keys inside `metadata`. */
  metadata?: Record<string, string> | undefined;
}

/** What `lorag.yaml` says about a file. */
export function readOptions({ ds_type: format, type, name: sheet, ...dataset }: Dataset): ReadOptions {
  const columns = {
    instruction: dataset.field_instruction,
    output: dataset.field_output,
    input: dataset.field_input,
    system: dataset.field_system,
    messages: dataset.field_messages,
    chosen: dataset.field_chosen,
    rejected: dataset.field_rejected,
  };
  const metadata = { id: dataset.field_id, type: dataset.field_type, documents: dataset.field_documents };
  return { format, type, sheet, fields: given(columns), metadata: given(metadata) };
}

const given = (columns: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(columns).flatMap(([key, column]) => (column === undefined ? [] : [[key, column]])),
  );

/**
 * The examples of a file, one after another: a file of any length is read in little memory. An example without an id is
 * called `name:line`, or by its row or item. `name` is the file's name for people.
 */
export async function* readExampleRows(
  source: ByteSource,
  name: string,
  options: ReadOptions = {},
): AsyncGenerator<ExampleRow> {
  const { format, source: readable, guess } = openRows(source, options);
  const rowOptions = {
    type: options.type,
    fields: options.fields ?? {},
    metadata: options.metadata ?? {},
    isTable: format.isTable ?? false,
  };
  for await (const { place, number, value, problem, notes = [] } of format.rows(readable, {
    name: options.sheet,
  })) {
    const read = value ? readExample(value, rowOptions, `${stem(name)}:${number}`) : (problem ?? "is empty");
    const keys = Object.keys(value ?? {});
    yield {
      place,
      number,
      notes,
      read: typeof read === "string" ? { problem: read, keys } : read,
      ...(guess !== undefined && { guess }),
    };
  }
}

/** The format of a file, and its content as that format reads it. */
function openRows(
  source: ByteSource,
  { format }: ReadOptions,
): { format: FileFormat; source: ByteSource; guess?: string } {
  const formatOf = (read: ByteSource): FileFormat => fileFormats[format ?? detectFormat(read)];
  const packed = formatOf(source);
  if (packed.isPacked) return { format: packed, source };
  // What the content is shows once its encoding is undone.
  const text = utf8Source(source);
  return { format: formatOf(text.source), ...text };
}

/**
 * All examples of a file, with what to tell of them. All or nothing: throws LORAG_EXAMPLES_EMPTY, or
 * LORAG_EXAMPLES_INVALID with every bad row named.
 */
export async function readExamples(
  source: ByteSource,
  name: string,
  options: ReadOptions = {},
): Promise<{ examples: Example[]; warnings: DataWarning[] }> {
  const examples: Example[] = [];
  const issues: string[] = [];
  const badKeys: string[][] = [];
  const notes = new RowNotes();
  const placeOfId = new Map<string, string>();
  for await (const row of readExampleRows(source, name, options)) {
    notes.add(row);
    const { place, read } = row;
    if ("problem" in read) {
      issues.push(`${place}: ${read.problem}`);
      badKeys.push(read.keys);
      continue;
    }
    const { id } = read.example;
    const earlier = placeOfId.get(id);
    if (earlier !== undefined) issues.push(`${place}: id ${brief(id)} is taken by ${earlier}`);
    placeOfId.set(id, place);
    examples.push(read.example);
  }
  if (issues.length > 0) throw invalid(name, issues, examples.length + badKeys.length, badKeys);
  if (examples.length === 0) throw empty(name);
  return { examples, warnings: notes.warnings(name) };
}

/** How many bad rows an error shows before it only counts them. */
const shownIssues = 20;

function invalid(name: string, issues: string[], total: number, badKeys: string[][]): LoragError {
  const shown = issues.slice(0, shownIssues).map((issue) => `\n  ${name}, ${issue}`);
  const rest = issues.length > shownIssues ? `\n  and ${issues.length - shownIssues} more` : "";
  const columns = badKeys.find((keys) => keys.length > 1);
  const unknown = issues.every((issue) => issue.includes("field_instruction")) && columns;
  return new LoragError({
    code: "LORAG_EXAMPLES_INVALID",
    kind: "data",
    message: `${issues.length} of ${counted(total, "example")} in ${name} cannot be used:${shown.join("")}${rest}`,
    next: unknown
      ? `Say under \`datasets\` which of them is the question and which the answer, for example ` +
        `\`field_instruction: ${columns[0]}\` and \`field_output: ${columns[1]}\`. Nothing of the file was used.`
      : "Correct or delete these lines (`lorag data clean` writes a file without them). Nothing of the file was used.",
  });
}

function empty(name: string): LoragError {
  return new LoragError({
    code: "LORAG_EXAMPLES_EMPTY",
    kind: "data",
    message: `${name} holds no examples`,
    next: 'Put one example on each line: {"messages": [...]} or {"prompt": "...", "completion": "..."}.',
  });
}

const brief = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}...` : text);

function stem(name: string): string {
  return (name.split(/[\\/]/).at(-1) ?? name).replace(/\.[^.]*$/, "");
}
