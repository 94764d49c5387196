import { LoragError, type Document, type Heading } from "../contracts/index.ts";
import { oneLine } from "./text/clean-text.ts";

/** What a parser makes of a file's bytes; offsets refer to `text`. */
export type ParsedDocument = Omit<Document, "id" | "hash">;

export interface ParseOptions {
  /** Tried in turn on an encrypted file, after none. */
  passwords: string[];
  /** Keep what the file hides from its readers. */
  keepHidden: boolean;
  /** Languages in which pictures of text are read, by Tesseract's names; none where they are not. */
  ocr: string[];
}

/**
 * Reads one format. Throws a LoragError whose code says why the file cannot be used; `name` is for the title of
 * last resort and for messages.
 */
export type Parse = (
  bytes: Uint8Array,
  name: string,
  options: ParseOptions,
) => ParsedDocument | Promise<ParsedDocument>;

/** Raised whenever parsing gives other text for the same bytes, so that indexes made before are rebuilt. */
export const parserVersion = 11;

export const defaultParseOptions: ParseOptions = { passwords: [], keepHidden: false, ocr: [] };

/** A reason to leave a document out. `message` completes "The document was left out: …". */
export function unusable(
  code: `LORAG_${string}`,
  message: string,
  next: string,
  cause?: unknown,
): LoragError {
  return new LoragError({ code, kind: "data", message, next, ...(cause !== undefined && { cause }) });
}

/** `handbook/staff-travel.md` is called `Staff travel` unless it says otherwise. */
export function titleFromName(name: string): string {
  const stem = name
    .split("/")
    .at(-1)!
    .replace(/(?<=.)\.[^.]+$/, "");
  const words = oneLine(stem.replace(/[-_\s]+/g, " "));
  return words === "" ? name : words[0]!.toUpperCase() + words.slice(1);
}

/** The heading above all others, if there is one: of several of the same rank, none is the document's title. */
export function topHeading(headings: Heading[]): string | undefined {
  const top = Math.min(...headings.slice(0, 10_000).map(({ level }) => level));
  const highest = headings.filter(({ level }) => level === top);
  return highest.length === 1 ? highest[0]!.text : undefined;
}

/** Throws unless there is something to read. */
export function requireText(parsed: ParsedDocument): ParsedDocument {
  if (/[\p{L}\p{N}]/u.test(parsed.text)) return parsed;
  const dropped = parsed.warnings?.length ? ` that may be used (${parsed.warnings.join(" ")})` : "";
  throw unusable("LORAG_EMPTY_DOCUMENT", `it holds no text${dropped}`, "Remove it, or put its text in.");
}
