import { raised } from "../text/raised.ts";
import type { Cell, Piece, Row } from "./piece.ts";

/** A gap this wide, in letter heights, parts two cells: wider than what justified lines have between words. */
const cellGap = 1;

/** Pieces to lines, from the top down. A raised or lowered figure belongs to the line beside which it stands. */
export function findRows(pieces: Piece[]): Row[] {
  const drawn = withoutCopies(pieces).filter(({ text }) => text.trim() !== "");
  const lines: BaseLine[] = [];
  for (const piece of drawn.sort((a, b) => b.y - a.y || a.x - b.x)) {
    const line = lines.at(-1);
    if (line && line.y - piece.y <= 0.25 * Math.max(1, Math.min(line.size, piece.size))) {
      line.pieces.push(piece);
      line.size = Math.max(line.size, piece.size);
    } else lines.push({ pieces: [piece], y: piece.y, size: piece.size });
  }
  for (let index = 0; index < lines.length; index++) placeMarks(lines, index);
  return lines
    .filter(({ pieces }) => pieces.length > 0)
    .map((line) => rowOf(line.pieces))
    .sort((a, b) => b.y - a.y);
}

/** Pieces on one height. */
interface BaseLine {
  pieces: Piece[];
  y: number;
  size: number;
}

/** Small pieces go to the line of larger letters, close above or below, that they touch. */
function placeMarks(lines: BaseLine[], index: number): void {
  const { y, size, pieces } = lines[index]!;
  for (const other of [1, -1, 2, -2, 3, -3].map((step) => lines[index + step])) {
    if (!other || size > 0.8 * other.size) continue;
    const height = y - other.y;
    if (height <= -0.35 * other.size || height >= 0.7 * other.size) continue;
    const marks = new Set(pieces.filter((piece) => other.pieces.some((each) => touches(each, piece))));
    other.pieces.push(...marks);
    lines[index]!.pieces = pieces.filter((piece) => !marks.has(piece));
    return;
  }
}

/** Letters drawn twice, a little apart, look bold. */
function withoutCopies(pieces: Piece[]): Piece[] {
  const seen = new Map<string, Piece[]>();
  return pieces.filter((piece) => {
    const same = seen.get(piece.text) ?? [];
    const near = 0.2 * piece.size;
    const isCopy =
      piece.text.trim() !== "" &&
      same.some((other) => Math.abs(other.x - piece.x) < near && Math.abs(other.y - piece.y) < near);
    if (!isCopy && same.length < 200) seen.set(piece.text, [...same, piece]);
    return !isCopy;
  });
}

const touches = (a: Piece, b: Piece): boolean => {
  const near = 0.5 * Math.max(a.size, b.size);
  return a.x + a.width > b.x - near && b.x + b.width > a.x - near;
};

/** A line of these pieces. */
export function rowOf(pieces: Piece[]): Row {
  const letters = new Map<number, number>();
  for (const { size, text } of pieces) letters.set(size, (letters.get(size) ?? 0) + text.length);
  const size = [...letters].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
  const base = pieces.find((piece) => piece.size === size)!;
  const cells = toCells(pieces, size);
  return { cells, text: cells.map((cell) => cellText(cell)).join(" "), size, y: base.y };
}

function toCells(pieces: Piece[], size: number): Cell[] {
  const cells: Cell[] = [];
  for (const piece of [...pieces].sort((a, b) => a.x - b.x)) {
    const last = cells.at(-1);
    if (last && piece.x - last.right < cellGap * Math.max(size, 1)) {
      last.pieces.push(piece);
      last.right = Math.max(last.right, piece.x + piece.width);
    } else cells.push({ pieces: [piece], x: piece.x, right: piece.x + piece.width });
  }
  return cells;
}

/** The cell's text, in the order in which it is read. `link` puts an address to a text. */
export function cellText({ pieces }: Cell, link = (_href: string, text: string) => text): string {
  const size = Math.max(...pieces.map((piece) => piece.size));
  const base = pieces.find((piece) => piece.size === size)!;
  let text = "";
  let previous: Piece | undefined;
  for (const piece of inReadingOrder(pieces)) {
    const isMark = piece.size <= 0.8 * size;
    if (previous && isApart(previous, piece, isMark || previous.size <= 0.8 * size ? 0.35 * size : 0))
      text += " ";
    const isRaised = isMark && piece.y - base.y > 0.15 * size;
    const plain = isRaised ? raised(text, piece.text) : piece.text;
    text +=
      piece.href === undefined ? plain : plain.replace(/\S(?:[^]*\S)?/, (words) => link(piece.href!, words));
    previous = piece;
  }
  return text.replace(/\s+/g, " ").trim();
}

/** Right to left where most letters are written so, figures and foreign words within them left to right. */
function inReadingOrder(pieces: Piece[]): Piece[] {
  const rightToLeft = pieces.filter(({ isRightToLeft }) => isRightToLeft);
  const lettersOf = (some: Piece[]): number => some.reduce((sum, { text }) => sum + text.length, 0);
  if (lettersOf(rightToLeft) * 2 < lettersOf(pieces)) return pieces;
  const runs: Piece[][] = [];
  for (const piece of [...pieces].reverse()) {
    const last = runs.at(-1);
    if (last && !piece.isRightToLeft && !last[0]!.isRightToLeft) last.unshift(piece);
    else runs.push([piece]);
  }
  return runs.flat();
}

const isIdeograph = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]/;

/** Whether there is a space between two pieces, drawn or as a gap of more than `least` points. */
function isApart(a: Piece, b: Piece, least: number): boolean {
  if (/\s$/.test(a.text) || /^\s/.test(b.text)) return false;
  const gap = Math.max(b.x - (a.x + a.width), a.x - (b.x + b.width));
  const size = Math.max(1, Math.min(a.size, b.size));
  return gap > Math.max(least, (isIdeograph.test(a.text.at(-1)! + b.text[0]!) ? 0.4 : 0.13) * size);
}
