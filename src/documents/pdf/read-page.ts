import type { PdfPage } from "./open-pdf.ts";
import { readAnnotations, type Annotation } from "./read-annotations.ts";
import type { Piece } from "./piece.ts";
import { oneLine } from "../text/clean-text.ts";
import { dropHidden } from "./drop-hidden.ts";
import { findHidden } from "./find-hidden.ts";
import { mendItems, type Item } from "./mend-items.ts";
import { readDrawing } from "./read-drawing.ts";

export interface Page {
  /** What is read from left to right as most of the page is: a table printed sideways is turned. */
  pieces: Piece[];
  /** Lines that run another way, such as a stamp in the margin, and columns of letters set from top to bottom. */
  sideways: string[];
  /** Of the page as it is turned. */
  height: number;
  /** What stands on the page and is not in its text, a sentence each. */
  notes: string[];
  /** Characters for which their font names none. */
  unmapped: number;
}

interface Turned {
  item: Item;
  /** Of the line, in quarters of a turn clockwise; NaN for a slant. */
  quarter: number;
  x: number;
  /** From the page's upper edge. */
  down: number;
  size: number;
}

/** Smaller letters than this, in points, are seen by nobody. */
const smallestSize = 1.5;

/** The text of a page where it stands, with what was filled in; what nobody sees of it unless `keepHidden`. */
export async function readPage(page: PdfPage, keepHidden: boolean, layers: Layers): Promise<Page> {
  const { items, styles } = (await page.getTextContent({
    // Ligatures of Arabic letters are taken apart once their line is in reading order.
    disableNormalization: true,
  })) as unknown as {
    items: Item[];
    styles: Record<string, { vertical?: boolean }>;
  };
  const { fields, links, notes } = await readAnnotations(page);
  const viewport = page.getViewport({ scale: 1 });
  // Marked content has no text.
  const texts = items.filter(({ str }) => typeof str === "string" && str !== "");
  const seen = keepHidden ? texts : await dropUnseen(page, texts, layers, notes);
  const drawn = mendItems(seen).map((item) => turn(item, viewport.transform as number[]));
  let unmapped = 0;
  for (const { item } of drawn) unmapped += item.str.match(/[\ue000-\uf8ff\ufffd]/g)?.length ?? 0;
  const isVertical = ({ item }: Turned): boolean => styles[item.fontName]?.vertical === true;
  const level = drawn.filter((each) => !isVertical(each));
  const quarter = mostOf(level);
  const pieces: Piece[] = [];
  const others: Turned[] = [];
  for (const [order, each] of drawn.entries()) {
    if (isVertical(each) || each.quarter !== quarter) others.push(each);
    else if (each.size >= smallestSize || keepHidden) pieces.push(...toPieces(each, quarter, order, links));
    else if (/[\p{L}\p{N}]/u.test(each.item.str)) {
      notes.push(`Text too small to be read was left out: "${each.item.str.slice(0, 80)}".`);
    }
  }
  const turnedFields = fields.map(({ text, name, x, y, height }, index) => {
    const [left, down] = toView(viewport.transform as number[], x, y);
    const place = turnPlace(left, down, quarter);
    return {
      text,
      field: name,
      ...place,
      width: text.length * 4,
      size: Math.min(12, height * 0.8),
      order: drawn.length + index,
      isRightToLeft: false,
    };
  });
  pieces.push(...turnedFields);
  const height = quarter % 2 === 0 ? viewport.height : viewport.width;
  for (const piece of pieces) piece.y += quarter === 0 ? viewport.height : quarter === 3 ? viewport.width : 0;
  return { pieces, sideways: readSideways(others), height, notes, unmapped };
}

/** Which layers of the file are shown as it opens. */
export interface Layers {
  isVisible(layer: unknown): boolean;
}

/** `notes` gets a sentence for each reason, with the first words that it hides. */
async function dropUnseen(page: PdfPage, texts: Item[], layers: Layers, notes: string[]): Promise<Item[]> {
  const drawn = await readDrawing(page, (layer) => layers.isVisible(layer));
  const [left = 0, bottom = 0, right = 0, top = 0] = page.view;
  const shown = findHidden(drawn, { left, bottom, right, top });
  const hidden = new Map<string, string>();
  // Told as it was drawn: the library itself leaves out what is far outside.
  for (const { characters, why } of shown)
    if (why !== undefined) hidden.set(why, `${hidden.get(why) ?? ""} ${characters}`);
  for (const [why, text] of hidden)
    notes.push(`Hidden text (${why}) was left out: "${oneLine(text).slice(0, 80)}".`);
  return dropHidden(texts, shown);
}

const toView = ([a, b, c, d, e, f]: number[], x: number, y: number): [number, number] => [
  a! * x + c! * y + e!,
  b! * x + d! * y + f!,
];

function turn(item: Item, view: number[]): Turned {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = item.transform;
  const [x, down] = toView(view, e, f);
  const [alongX, alongDown] = [view[0]! * a + view[2]! * b, view[1]! * a + view[3]! * b];
  const quarters = (Math.atan2(alongDown, alongX) * 2) / Math.PI;
  const nearest = Math.round(quarters);
  return {
    item,
    quarter: Math.abs(quarters - nearest) < 0.06 ? (nearest + 4) % 4 : Number.NaN,
    x,
    down,
    size: Math.round(Math.hypot(c, d) * 2) / 2 || Math.hypot(c, d),
  };
}

/** Which way most letters run. */
function mostOf(drawn: Turned[]): number {
  const letters = [0, 0, 0, 0];
  for (const { quarter, item } of drawn)
    if (!Number.isNaN(quarter)) letters[quarter]! += item.str.trim().length;
  return letters.indexOf(Math.max(...letters));
}

/** Where a place comes to lie when the page is turned back; the page's own height is still to be added, where it is counted from. */
function turnPlace(x: number, down: number, quarter: number): { x: number; y: number } {
  if (quarter === 1) return { x: down, y: x };
  if (quarter === 2) return { x: -x, y: down };
  if (quarter === 3) return { x: -down, y: -x };
  return { x, y: -down };
}

/** One, or more where a part of it is a link. */
function toPieces(
  { item, x, down, size }: Turned,
  quarter: number,
  order: number,
  links: Annotation[],
): Piece[] {
  const { str, width, transform } = item;
  const [left, bottom] = [transform[4]!, transform[5]!];
  const link = links.find(
    (each) =>
      bottom >= each.y - 3 &&
      bottom <= each.y + each.height &&
      left < each.x + each.width &&
      left + width > each.x,
  );
  const place = turnPlace(x, down, quarter);
  const cut = (from: number, to: number, href?: string): Piece => ({
    text: str.slice(from, to),
    x: place.x + (width * from) / str.length,
    y: place.y,
    width: (width * (to - from)) / str.length,
    size,
    order,
    isRightToLeft: item.dir === "rtl",
    ...(href !== undefined && { href }),
  });
  if (!link || quarter !== 0 || item.dir === "rtl") return [cut(0, str.length)];
  // Letters differ in width, so the link's ends are sought at the nearest ends of words.
  const from = nearestBorder(str, ((link.x - left) / width) * str.length);
  const to = nearestBorder(str, ((link.x + link.width - left) / width) * str.length);
  if (to <= from) return [cut(0, str.length)];
  return [
    ...(from > 0 ? [cut(0, from)] : []),
    cut(from, to, link.text),
    ...(to < str.length ? [cut(to, str.length)] : []),
  ];
}

function nearestBorder(text: string, at: number): number {
  const borders = [
    0,
    text.length,
    ...[...text.matchAll(/\s+/g)].flatMap(({ index, 0: gap }) => [index, index + gap.length]),
  ];
  return borders.reduce((best, border) => (Math.abs(border - at) < Math.abs(best - at) ? border : best));
}

/** Letters one under another, or in a slant, are read as they were drawn. */
function readSideways(others: Turned[]): string[] {
  const lines: { text: string; last: Turned }[] = [];
  for (const each of others) {
    const last = lines.at(-1);
    const distance = last && Math.hypot(last.last.x - each.x, last.last.down - each.down);
    const goesOn =
      last &&
      Object.is(last.last.quarter, each.quarter) &&
      distance! < Math.abs(last.last.item.width) + 1.2 * (each.size || 10);
    if (goesOn) {
      last.text += each.item.str;
      last.last = each;
    } else lines.push({ text: each.item.str, last: each });
  }
  return lines.map(({ text }) => text.replace(/\s+/g, " ").trim()).filter(Boolean);
}
