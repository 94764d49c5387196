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
  let wasLowered = false;
  const ordered = inReadingOrder(pieces);
  for (const [at, piece] of ordered.entries()) {
    const isMark = piece.size <= 0.8 * size;
    const height = piece.y - base.y;
    // A lowered figure is an index of what stands before it, a raised one its power, unless what follows is closer.
    const isIndex =
      isMark && isFigure(piece) && (height < -0.1 * size || (height > 0.15 * size && isLed(ordered, at)));
    const least = isIndex
      ? cellGap * size
      : isMark || (previous?.size ?? size) <= 0.8 * size
        ? 0.35 * size
        : 0;
    // Around a mark, the library takes gaps for spaces: H2O is one word.
    const isInFormula =
      wasLowered && /^\s*[A-Z(]/.test(piece.text) && gapOf(previous!, piece) < 0.2 * size && !isMark;
    const own = isIndex || isInFormula ? { ...piece, text: piece.text.trimStart() } : piece;
    if (previous && !isInFormula && isApart(previous, own, least)) text += " ";
    const isRaised = isMark && height > 0.15 * size;
    const plain = isRaised ? raised(text, own.text) : own.text;
    text +=
      piece.href === undefined ? plain : plain.replace(/\S(?:[^]*\S)?/, (words) => link(piece.href!, words));
    previous = piece;
    wasLowered = isIndex && height < 0;
  }
  return text.replace(/\s+/g, " ").trim();
}

const isFigure = ({ text }: Piece): boolean => /^[+−–-]?\d{1,4}$/.test(text.trim());

/** Whether a piece is as close to the one before it as to the next. */
function isLed(pieces: Piece[], at: number): boolean {
  const [before, piece, after] = [pieces[at - 1], pieces[at]!, pieces[at + 1]];
  const gap = before ? piece.x - (before.x + before.width) : Infinity;
  return gap <= (after ? after.x - (piece.x + piece.width) : Infinity) + 0.1 * piece.size;
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

/** Between two pieces, whichever is left of the other. */
const gapOf = (a: Piece, b: Piece): number => Math.max(b.x - (a.x + a.width), a.x - (b.x + b.width));

/** Whether there is a space between two pieces, drawn or as a gap of more than `least` points. */
function isApart(a: Piece, b: Piece, least: number): boolean {
  if (/\s$/.test(a.text) || /^\s/.test(b.text)) return false;
  const gap = gapOf(a, b);
  const size = Math.max(1, Math.min(a.size, b.size));
  return gap > Math.max(least, (isIdeograph.test(a.text.at(-1)! + b.text[0]!) ? 0.4 : 0.13) * size);
}
