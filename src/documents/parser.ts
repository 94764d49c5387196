import { LoragError, type Heading } from "../contracts/index.ts";

/** What a parser makes of a file's bytes; offsets refer to `text`. */
export interface ParsedDocument {
  title: string;
  text: string;
  headings: Heading[];
}

/**
 * Reads one format. Throws a LoragError whose code says why the file cannot be used; `name` is for the title of
 * last resort and for messages.
 */
export type Parse = (bytes: Uint8Array, name: string) => ParsedDocument | Promise<ParsedDocument>;

/** Raised whenever parsing gives other text for the same bytes, so that indexes made before are rebuilt. */
export const parserVersion = 4;

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
    .replace(/\.[^.]+$/, "");
  const words = stem.replace(/[-_\s]+/g, " ").trim();
  return words === "" ? name : words[0]!.toUpperCase() + words.slice(1);
}

/** Throws unless there is something to read. */
export function requireText(parsed: ParsedDocument): ParsedDocument {
  if (/[\p{L}\p{N}]/u.test(parsed.text)) return parsed;
  throw unusable("LORAG_EMPTY_DOCUMENT", "it holds no text", "Remove it, or put its text in.");
}

/** Ligatures (ﬁ) and the shapes of Arabic letters inside words, which PDFs hold in place of the letters. */
const shapes = /[\ufb00-\ufdff\ufe70-\ufefc]+/g;

/** Line ends to \n, composed characters; no control characters, soft hyphens, zero-width spaces or letters' shapes. */
export function cleanText(text: string): string {
  return (
    text
      .replace(/\r\n?/g, "\n")
      // eslint-disable-next-line no-control-regex -- removing them is the purpose
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b\u2060\ufeff]/g, "")
      .normalize("NFC")
      .replace(shapes, (letters) => letters.normalize("NFKC"))
  );
}

/** Collects blocks of text, a blank line between them, and keeps where headings begin. */
export class TextBuilder {
  private text = "";
  private readonly headings: Heading[] = [];

  heading(level: number, raw: string): void {
    const text = cleanText(raw).replace(/\s+/g, " ").trim();
    if (text === "") return;
    this.block(text);
    this.headings.push({ level, text, start: this.text.length - text.length });
  }

  /** `tight` puts one line end, not two, before the block (list items, table rows). */
  block(raw: string, tight = false): void {
    const text = cleanText(raw).trim();
    if (text === "") return;
    if (this.text !== "") this.text += tight ? "\n" : "\n\n";
    this.text += text;
  }

  finish(title: string): ParsedDocument {
    return { title: cleanText(title).replace(/\s+/g, " ").trim(), text: this.text, headings: this.headings };
  }
}
