import { getDocumentProxy } from "unpdf";
import { dropRunningLines, layOut, type PageLine } from "./pdf-layout.ts";
import { requireText, titleFromName, unusable, type Parse } from "../parser.ts";

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** Fewer characters a page than this, on average, is a scan with a stamp or a page number on it. */
const scanCharacters = 20;

/** The text layer of a PDF, in the order in which it was written; headings by the size of their letters. */
export const parsePdf: Parse = async (bytes, name, { passwords }) => {
  if (isCutOff(bytes)) {
    throw unusable("LORAG_TRUNCATED", "the PDF is cut off: its end mark is missing", "Get the file again.");
  }
  const pdf = await open(bytes, passwords);
  try {
    const pages: PageLine[][] = [];
    for (let page = 1; page <= pdf.numPages; page++) pages.push(await readLines(pdf, page));
    const characters = pages.flat().reduce((sum, line) => sum + line.text.replace(/\s/g, "").length, 0);
    if (characters < scanCharacters * pdf.numPages && (await hasImages(pdf))) {
      throw unusable(
        "LORAG_NO_TEXT",
        `the PDF holds pictures of text, not text (${pdf.numPages} scanned page${pdf.numPages === 1 ? "" : "s"})`,
        "Run text recognition (OCR) on it and use the result.",
      );
    }
    const { info } = (await pdf.getMetadata()) as { info: { Title?: unknown } };
    const laidOut = layOut(dropRunningLines(pages));
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
    /^(?:Microsoft (?:Word|PowerPoint|Excel) - |untitled\b)|\.(?:docx?|pptx?|xlsx?|pdf|indd|tex|odt|rtf|html?)$/i;
  return /\s/.test(stated.trim()) && !isFileName.test(stated.trim());
}

/** By the first password that opens it; without any, first. */
async function open(bytes: Uint8Array, passwords: string[]): Promise<Pdf> {
  const [password, ...others] = passwords;
  try {
    // pdf.js takes the buffer over, so it gets its own.
    return await getDocumentProxy(bytes.slice(), {
      verbosity: 0,
      isEvalSupported: false,
      ...(password !== undefined && { password }),
    });
  } catch (cause) {
    const error = cause as { name?: string; message?: string };
    if (error.name === "PasswordException") {
      if (others.length > 0) return open(bytes, others);
      throw unusable(
        "LORAG_ENCRYPTED",
        password === undefined ? "it is encrypted" : "it is encrypted, and none of the passwords opens it",
        "Give its password under parsing.passwords, or save a copy without one.",
        cause,
      );
    }
    throw unusable("LORAG_UNREADABLE", `the PDF is damaged (${error.message})`, "Get the file again.", cause);
  }
}

interface TextItem {
  str: string;
  hasEOL: boolean;
  /** Text space to page: the letters' height is in elements 2 and 3, the position in 4 and 5; points. */
  transform: number[];
}

async function readLines(pdf: Pdf, number: number): Promise<PageLine[]> {
  const page = await pdf.getPage(number);
  const { items } = (await page.getTextContent()) as unknown as { items: TextItem[] };
  const lines: PageLine[] = [];
  let parts: TextItem[] = [];
  const finish = (): void => {
    const text = parts.map((part) => part.str).join("");
    if (text.trim() !== "") {
      const longest = parts.reduce((best, part) => (part.str.length > best.str.length ? part : best));
      const [, turned = 0, c = 0, d = 0, , y = 0] = longest.transform;
      // What is printed sideways (a stamp in the margin) is never a heading.
      const size = turned === 0 ? Math.round(Math.hypot(c, d) * 2) / 2 : 0;
      lines.push({ text: text.replace(/\s+/g, " ").trim(), size, y });
    }
    parts = [];
  };
  for (const item of items) {
    if (typeof item.str !== "string") continue; // marked content has no text
    const previous = parts.at(-1);
    if (previous && Math.abs(previous.transform[5]! - item.transform[5]!) > 20) finish();
    parts.push(item);
    if (item.hasEOL) finish();
  }
  finish();
  const lowest = lines.at(-1);
  for (const { name, value } of await readFields(page)) {
    lines.push({
      text: name === "" ? value : `${name}: ${value}`,
      size: lowest?.size ?? 10,
      y: (lowest?.y ?? 0) - 100,
    });
  }
  page.cleanup();
  return lines;
}

/** What was filled in: fields are drawn over the page, and no part of its text. */
async function readFields(
  page: Awaited<ReturnType<Pdf["getPage"]>>,
): Promise<{ name: string; value: string }[]> {
  const annotations = (await page.getAnnotations()) as Record<string, unknown>[];
  return annotations.flatMap(({ subtype, fieldValue, alternativeText, fieldName }) => {
    if (subtype !== "Widget") return [];
    const value = Array.isArray(fieldValue) ? fieldValue.join(", ") : fieldValue;
    if (typeof value !== "string" || value.trim() === "" || value === "Off") return [];
    const name = [alternativeText, fieldName].find((each) => typeof each === "string" && each !== "");
    return [{ name: typeof name === "string" ? name : "", value }];
  });
}

async function hasImages(pdf: Pdf): Promise<boolean> {
  const { OPS } = await import("unpdf").then(({ getResolvedPDFJS }) => getResolvedPDFJS());
  const images = new Set([OPS.paintImageXObject, OPS.paintInlineImageXObject, OPS.paintImageMaskXObject]);
  for (let number = 1; number <= pdf.numPages; number++) {
    const { fnArray } = await (await pdf.getPage(number)).getOperatorList();
    if (fnArray.some((operation: number) => images.has(operation))) return true;
  }
  return false;
}
