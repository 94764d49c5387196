import { requireText, titleFromName, unusable, type Parse } from "../parser.ts";
import { counted } from "../../text/index.ts";
import { TextBuilder } from "../text/text-builder.ts";
import { findColumns, runsRightToLeft } from "./find-columns.ts";
import { findRows } from "./find-rows.ts";
import { findTables, type Line } from "./find-tables.ts";
import { layOut } from "./lay-out.ts";
import { openPdf, type Pdf } from "./open-pdf.ts";
import { recognisePages, scanCharacters } from "./recognise-pages.ts";
import { readDrawing } from "./read-drawing.ts";
import { readPage, type Page } from "./read-page.ts";
import { dropRunningLines } from "./running-lines.ts";

/** The text layer of a PDF: column by column, tables by their rows, headings by the size of their letters. */
export const parsePdf: Parse = async (bytes, name, { passwords, keepHidden, ocr }) => {
  if (isCutOff(bytes)) {
    throw unusable("LORAG_TRUNCATED", "the PDF is cut off: its end mark is missing", "Get the file again.");
  }
  const pdf = await openPdf(bytes, passwords);
  try {
    const pages: Page[] = [];
    const layers = await pdf.getOptionalContentConfig();
    for (let number = 1; number <= pdf.numPages; number++) {
      const page = await pdf.getPage(number);
      pages.push(await readPage(page, keepHidden, layers));
      page.cleanup();
    }
    const out = new TextBuilder();
    const recognised =
      ocr.length > 0 ? await recognisePages(bytes, passwords, pages, ocr, out) : new Map<number, Line[]>();
    if (recognised.size === 0) await requireLetters(pdf, pages);
    for (const note of pages.flatMap(({ notes }) => notes)) out.warn(note);
    await warnOfAttachments(pdf, out);
    const rows = dropRunningLines(
      pages.map(({ pieces }) => findRows(pieces)),
      pages.map(({ height }) => height),
    );
    const laidOut = layOut(
      rows.map((lines, index) => {
        const isRightToLeft = runsRightToLeft(lines);
        const link = (href: string, text: string): string => out.link(href, text);
        return [
          ...findColumns(lines).flatMap((part) => findTables(part, isRightToLeft, link)),
          ...(recognised.get(index) ?? []),
          // What is printed sideways (a stamp in the margin) is never a heading.
          ...pages[index]!.sideways.map((text, at) => ({ text, size: 0, y: -100 * (at + 1) })),
        ];
      }),
      out,
    );
    const { info } = (await pdf.getMetadata()) as { info: { Title?: unknown } };
    const stated = typeof info.Title === "string" && isTitle(info.Title) ? info.Title : undefined;
    return requireText(laidOut.finish(stated ?? laidOut.largest ?? titleFromName(name)));
  } finally {
    await pdf.destroy();
  }
};

/**
 * Whatever follows the end mark is let pass, as readers do: mail programs and servers add to files. Objects are another
 * matter: changes are added with an end mark of their own, and a file made for the web has one after its first page, too
 * (ISO 32000-1, 7.5.6 and F.3).
 */
function isCutOff(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = file.lastIndexOf("%%EOF");
  return end < 0 || /\d\s+\d+\s+obj\b/.test(file.toString("latin1", end));
}

/** What a program made of a file's name, or left as it was, is no title. */
function isTitle(stated: string): boolean {
  const isFileName =
    /^(?:Microsoft (?:Word|PowerPoint|Excel) - |(?:untitled|document|presentation|slide|powerpoint presentation|title)\s?\d*$)|\.(?:docx?|pptx?|xlsx?|pdf|indd|tex|odt|rtf|html?)$/i;
  return /\s/.test(stated.trim()) && !isFileName.test(stated.trim());
}

/** Throws LORAG_NO_TEXT, with the reason, where there is nothing that could be read. */
async function requireLetters(pdf: Pdf, pages: Page[]): Promise<void> {
  const texts = pages.flatMap(({ pieces, sideways }) => [...pieces.map(({ text }) => text), ...sideways]);
  const characters = texts.reduce((sum, text) => sum + text.replace(/\s/g, "").length, 0);
  const unmapped = pages.reduce((sum, page) => sum + page.unmapped, 0);
  if (unmapped > 0.3 * characters) {
    throw unusable(
      "LORAG_NO_TEXT",
      "the PDF's fonts do not say which characters they show",
      "Run text recognition (OCR) on it and use the result, or make the PDF again with its fonts in it.",
    );
  }
  if (characters >= scanCharacters * pdf.numPages) return;
  const { images, letters } = await countDrawn(pdf);
  if (pdf.isPureXfa) {
    throw unusable(
      "LORAG_NO_TEXT",
      "the PDF is a form that only Adobe's reader can open",
      "Print it to PDF.",
    );
  }
  if (characters === 0 && letters > 0) {
    throw unusable(
      "LORAG_NO_TEXT",
      "the PDF's fonts are not in it and could not be read by their names",
      "Make the PDF again with its fonts in it, or run text recognition (OCR) on it.",
    );
  }
  if (images === 0) return;
  throw unusable(
    "LORAG_NO_TEXT",
    `the PDF holds pictures of text, not text (${counted(pdf.numPages, "scanned page")})`,
    "Set parsing.ocr to its language, or run text recognition (OCR) on it and use the result.",
  );
}

/** How many pictures and stretches of letters the pages show. */
async function countDrawn(pdf: Pdf): Promise<{ images: number; letters: number }> {
  const counts = { images: 0, letters: 0 };
  for (let number = 1; number <= pdf.numPages; number++) {
    for (const { kind } of await readDrawing(await pdf.getPage(number), () => true)) {
      if (kind === "picture") counts.images++;
      else if (kind === "text") counts.letters++;
    }
  }
  return counts;
}

async function warnOfAttachments(pdf: Pdf, out: TextBuilder): Promise<void> {
  const attachments = (await pdf.getAttachments()) as Record<string, unknown> | null;
  for (const name of Object.keys(attachments ?? {})) out.warn(`The attachment ${name} was not read.`);
}
