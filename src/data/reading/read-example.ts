import {
  gradingForms,
  gradingSchema,
  inBrief,
  type Example,
  type RowTypeName,
} from "../../contracts/index.ts";
import { likeness } from "../../text/index.ts";
import { rowTypes, typeOf, type RowType } from "./row-types.ts";
import { isTurn } from "./parse-json.ts";
import { BadValue } from "./text-of.ts";
import { turnKeys } from "./turns.ts";

/** What a dataset of `lorag.yaml` says about its rows. */
export interface RowOptions {
  type?: RowTypeName | undefined;
  /** Columns that stand for the keys of a row. */
  fields: Record<string, string>;
  /** Columns that stand for keys inside `metadata`. */
  metadata: Record<string, string>;
  /** Its columns stand for keys inside `metadata`, too. */
  isTable: boolean;
}

export interface ReadRow {
  example: Example;
  type: RowTypeName;
  /** Keys that are not read, each with the one that it may have been meant for. */
  unread: { key: string; meant?: string }[];
}

/** One record of a file: its example, or what is wrong with it. */
export interface ExampleRow {
  place: string;
  number: number;
  read: ReadRow | { problem: string; keys: string[] };
  notes: string[];
  /** How the encoding of its file was told, where only its letters show it. */
  guess?: string;
}

const metadataKeys = ["id", "type", "documents", "accept", "grading"];

/** A row's example, or what is wrong with it. */
export function readExample(
  values: Record<string, unknown>,
  options: RowOptions,
  id: string,
): ReadRow | string {
  const row = rename(values, options);
  if (typeof row === "string") return row;
  const name = options.type ?? typeOf(row);
  if (name === undefined) return unknownType(row);
  const type: RowType = rowTypes[name];
  try {
    const reading = type.read(options.isTable ? withTexts(row) : row);
    if (typeof reading === "string") return reading + mistyped(row, type);
    const unread = options.isTable ? [] : unreadKeys(row, type);
    const metadata = readMetadata(row, type, options.isTable);
    const { accept, ...rest } = reading;
    const more = { ...(accept && { accept }), ...metadata.more };
    const example: Example = {
      id: metadata.id ?? id,
      ...rest,
      ...(metadata.documents && { documents: metadata.documents }),
      ...(metadata.type !== undefined && { type: metadata.type }),
      ...(Object.keys(more).length > 0 && { metadata: more }),
    };
    return { example, type: name, unread };
  } catch (error) {
    if (error instanceof BadValue) return error.message + mistyped(row, type);
    throw error;
  }
}

/** With the names that the dataset gives its columns replaced by ours. */
function rename(
  values: Record<string, unknown>,
  { fields, metadata, isTable }: RowOptions,
): Record<string, unknown> | string {
  const row: Record<string, unknown> = { ...values };
  const columns = [...Object.values(fields), ...Object.values(metadata)];
  for (const column of columns) delete row[column];
  const pick = (names: Record<string, string>): [string, unknown][] =>
    Object.entries(names).flatMap(([key, column]) => (column in values ? [[key, values[column]]] : []));
  Object.assign(row, Object.fromEntries(pick(fields)));
  const own = pick(metadata);
  if (own.length > 0)
    row["metadata"] = { ...(row["metadata"] as object | undefined), ...Object.fromEntries(own) };
  const missing = columns.filter((column) => !(column in values));
  if (missing.length === 0 || (!isTable && missing.length < columns.length)) return row;
  return `has no ${inBrief(missing[0])} (it has ${Object.keys(values).join(", ") || "nothing"})`;
}

/** Figures and truth values of a table as they would be written. */
const withTexts = (row: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === "number" || typeof value === "boolean" ? String(value) : value,
    ]),
  );

function unknownType(row: Record<string, unknown>): string {
  const keys = Object.keys(row);
  if (keys.length === 1 && keys[0] === "text") {
    return 'only "text", without an answer: text that answers are to be found in goes into the `documents` folder';
  }
  const chat = keys.find((key) => Array.isArray(row[key]) && (row[key] as unknown[]).some(isTurn));
  if (chat !== undefined)
    return `no "messages" (keys: ${keys.join(", ")}); name the list of them with \`field_messages: ${chat}\``;
  // Of the kinds of rows, the one that most keys come near to.
  const [close] = Object.values(rowTypes)
    .map((type) => mistyped(row, type))
    .sort((a, b) => b.length - a.length);
  return `neither "messages" nor "prompt" and "completion" (keys: ${keys.join(", ") || "none"})${close}; name the two with field_instruction and field_output`;
}

interface Metadata {
  id?: string;
  type?: string;
  documents?: string[];
  more: Record<string, unknown>;
}

function readMetadata(row: Record<string, unknown>, type: RowType, isTable: boolean): Metadata {
  const found = row["metadata"] ?? {};
  if (typeof found !== "object" || Array.isArray(found)) {
    throw new BadValue(`metadata must be an object, got ${inBrief(found)}`);
  }
  const beside = Object.entries(row).filter(([key]) => key !== "metadata" && !type.keys.includes(key));
  const own: Record<string, unknown> = {
    ...Object.fromEntries(isTable ? beside : beside.filter(([key]) => !metadataKeys.includes(key))),
    ...(type.keys.includes("id") && { id: row["id"] }),
    ...found,
  };
  const { id, type: label, documents, ...more } = own;
  const given = (value: unknown): boolean => (value ?? undefined) !== undefined;
  if (given(id) && typeof id !== "number" && (typeof id !== "string" || id === "")) {
    throw new BadValue(`metadata.id must be a non-empty string or a number, got ${inBrief(id)}`);
  }
  if (typeof id === "number" && Math.abs(id) > Number.MAX_SAFE_INTEGER) {
    throw new BadValue(`metadata.id ${id} is too long for a number and lost digits: write it in quotes`);
  }
  if (given(label) && typeof label !== "string") {
    throw new BadValue(`metadata.type must be a string, got ${inBrief(label)}`);
  }
  if (given(more["grading"]) && !gradingSchema.safeParse(more["grading"]).success) {
    throw new BadValue(`metadata.grading must be ${gradingForms}, got ${inBrief(more["grading"])}`);
  }
  return {
    ...(given(id) && { id: String(id) }),
    ...(given(label) && label !== "" && { type: label as string }),
    ...(given(documents) && { documents: documentsOf(documents, isTable) }),
    more: Object.fromEntries(Object.entries(more).filter(([, value]) => given(value))),
  };
}

function documentsOf(documents: unknown, isTable: boolean): string[] {
  if (isTable && typeof documents === "string") return documents.split(/\s*;\s*/).filter((id) => id !== "");
  if (Array.isArray(documents) && documents.every((id) => typeof id === "string")) return documents;
  throw new BadValue(`metadata.documents must be a list of document ids, got ${inBrief(documents)}`);
}

/** As likely as `weigth` for `weight`. */
const leastLikeness = 0.6;

/** Of a row that cannot be used: which of its keys may have been meant for one that it lacks. */
function mistyped(row: Record<string, unknown>, type: RowType): string {
  const hints = unreadKeys(row, type).flatMap(({ key, meant }) =>
    meant === undefined || meant in row ? [] : [`did you mean "${meant}" by "${key}"?`],
  );
  return hints.length > 0 ? ` (${hints.join(" ")})` : "";
}

function unreadKeys(row: Record<string, unknown>, type: RowType): ReadRow["unread"] {
  const unread: ReadRow["unread"] = [];
  const look = (keys: string[], known: string[], path: string, rest: string[] = []): void => {
    for (const key of keys.filter((one) => !known.includes(one))) {
      const meant = [...known.map((one) => path + one), ...rest]
        .map((one) => ({ one, score: likeness(key, one.split(".").at(-1)!) }))
        .filter(({ score }) => score >= leastLikeness)
        .sort((a, b) => b.score - a.score)[0]?.one;
      // What else stands under metadata is anyone's own.
      if (path === "metadata." && meant === undefined) continue;
      unread.push({ key: path + key, ...(meant !== undefined && { meant }) });
    }
  };
  look(
    Object.keys(row),
    [...type.keys, "metadata"],
    "",
    metadataKeys.map((key) => `metadata.${key}`),
  );
  const metadata = row["metadata"] as Record<string, unknown> | null | undefined;
  look(Object.keys(metadata ?? {}), metadataKeys, "metadata.");
  for (const key of ["messages", "conversations"]) {
    const list = row[key];
    if (!Array.isArray(list)) continue;
    const keys = new Set(list.flatMap((message) => Object.keys((message as object | null) ?? {})));
    look([...keys], turnKeys, `${key}.`);
  }
  return unread;
}
