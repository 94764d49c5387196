import { openRecogniser } from "../text/recognise-text.ts";
import type { TextBuilder } from "../text/text-builder.ts";
import type { Line } from "./find-tables.ts";
import { openPdf } from "./open-pdf.ts";
import { pagePictures } from "./page-pictures.ts";
import type { Page } from "./read-page.ts";

/** Fewer characters a page than this, on average, is a scan with a stamp or a page number on it. */
export const scanCharacters = 20;

/** The lines of pages that hold pictures and next to no text, by the page's index. */
export async function recognisePages(
  bytes: Uint8Array,
  passwords: string[],
  pages: Page[],
  languages: string[],
  out: TextBuilder,
): Promise<Map<number, Line[]>> {
  const recognised = new Map<number, Line[]>();
  const scans = pages.flatMap(({ pieces }, index) => (letters(pieces) < scanCharacters ? [index] : []));
  if (scans.length === 0) return recognised;
  const recogniser = await openRecogniser(languages);
  const pdf = await openPdf(bytes, passwords, { withPictures: true });
  try {
    for (const index of scans) {
      const page = await pdf.getPage(index + 1);
      const texts: string[] = [];
      for await (const picture of pagePictures(page)) texts.push(await recogniser.read(picture));
      page.cleanup();
      const lines = toLines(texts.join("\n\n"));
      if (lines.length === 0) continue;
      recognised.set(index, lines);
      out.warn("A page's text was recognised from its picture, and may have mistakes.");
    }
  } finally {
    await pdf.destroy();
    await recogniser.close();
  }
  return recognised;
}

const letters = (pieces: { text: string }[]): number =>
  pieces.reduce((sum, { text }) => sum + text.replace(/\s/g, "").length, 0);

/** As if they were drawn: an empty line is a wide gap. */
function toLines(text: string): Line[] {
  return text
    .split("\n")
    .flatMap((line, index) => (line.trim() === "" ? [] : [{ text: line.trim(), size: 10, y: -12 * index }]));
}
