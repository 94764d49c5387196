import { rowOf } from "./find-rows.ts";
import type { Cell, Row } from "./piece.ts";

/** More lines are on no page that a person made. */
const mostRows = 1000;

/**
 * Rows in the order in which they are read: where a page, or a part of it, is set in columns, one column after the
 * other. Each part is what goes on without a break. A table has gaps between its columns, too, but its rows are read across.
 */
export function findColumns(rows: Row[]): Row[][] {
  const best = rows.length > mostRows ? undefined : findGutter(rows);
  if (!best) return rows.length === 0 ? [] : [rows];
  const { from, to, at } = best;
  const inside = rows.slice(from, to);
  const left = sideOf(inside, (cell) => cell.right <= at);
  const right = sideOf(inside, (cell) => cell.right > at);
  const sides = runsRightToLeft(rows) ? [right, left] : [left, right];
  return [...findColumns(rows.slice(0, from)), ...sides.flatMap(findColumns), ...findColumns(rows.slice(to))];
}

function sideOf(rows: Row[], has: (cell: Cell) => boolean): Row[] {
  return rows.flatMap((row) => {
    const cells = row.cells.filter(has);
    return cells.length === 0 ? [] : [rowOf(cells.flatMap(({ pieces }) => pieces))];
  });
}

/** Rows `from` to `to` are parted at `at`. */
interface Gutter {
  from: number;
  to: number;
  at: number;
  lines: number;
}

const leastLines = 3;
const leastWidth = 6;

/** The gap with the most lines on both of its sides, among those at which lines of text begin. */
function findGutter(rows: Row[]): Gutter | undefined {
  let best: Gutter | undefined;
  for (const at of findEdges(rows)) {
    for (let from = 0; from < rows.length; from++) {
      if (crosses(rows[from]!, at)) continue;
      let to = from;
      while (to < rows.length && !crosses(rows[to]!, at)) to++;
      const run = trim(rows, from, to, at);
      const [left, right] = [cellsOf(rows, run, at, "left"), cellsOf(rows, run, at, "right")];
      const lines = Math.min(left.length, right.length);
      from = to;
      if (lines < leastLines || lines <= (best?.lines ?? 0)) continue;
      const width = Math.min(...right.map(({ x }) => x)) - Math.max(...left.map((cell) => cell.right));
      if (width >= leastWidth && areColumns(left, right)) best = { ...run, at, lines };
    }
  }
  return best;
}

/** Where several lines begin, or end: beside a gap, if there is one. */
function findEdges(rows: Row[]): number[] {
  const counts = new Map<number, number>();
  for (const { cells } of rows) {
    for (const { x, right } of cells) {
      for (const edge of [x - 2, right + 2]) {
        const place = Math.round(edge / 3) * 3;
        counts.set(place, (counts.get(place) ?? 0) + 1);
      }
    }
  }
  const frequent = [...counts].filter(([, count]) => count >= leastLines);
  return frequent
    .sort((a, b) => b[1] - a[1])
    .slice(0, 24)
    .map(([place]) => place);
}

const crosses = ({ cells }: Row, at: number): boolean =>
  cells.some(({ x, right }) => x < at - 1 && right > at + 1);

/** Rows of one side alone, above and below what stands on both, belong to it only where they are close. */
function trim(rows: Row[], from: number, to: number, at: number): { from: number; to: number } {
  const isOneSided = ({ cells }: Row): boolean =>
    cells.every(({ right }) => right <= at) || cells.every(({ right }) => right > at);
  const isFar = (above: Row, below: Row): boolean =>
    above.y - below.y > 2.2 * Math.max(above.size, below.size);
  let [first, last] = [from, to];
  for (let index = from; index < to - 1 && isOneSided(rows[index]!); index++) {
    if (isFar(rows[index]!, rows[index + 1]!) || rows[index]!.size !== rows[index + 1]!.size)
      first = index + 1;
  }
  for (let index = to - 1; index > first && isOneSided(rows[index]!); index--) {
    if (isFar(rows[index - 1]!, rows[index]!)) last = index;
  }
  return { from: first, to: last };
}

interface Placed extends Cell {
  row: number;
  order: number;
  text: string;
}

function cellsOf(
  rows: Row[],
  { from, to }: { from: number; to: number },
  at: number,
  side: "left" | "right",
): Placed[] {
  return rows.slice(from, to).flatMap(({ cells }, index) =>
    cells
      .filter(({ right }) => right <= at === (side === "left"))
      .map((cell) => ({
        ...cell,
        row: index,
        order: Math.min(...cell.pieces.map(({ order }) => order)),
        text: cell.pieces.map(({ text }) => text).join(" "),
      })),
  );
}

/** Columns are drawn one after the other, or hold lines of running text that fill them; else it is a table. */
function areColumns(left: Placed[], right: Placed[]): boolean {
  const sides = [
    ...left.map((cell) => ({ ...cell, side: 0 })),
    ...right.map((cell) => ({ ...cell, side: 1 })),
  ];
  sides.sort((a, b) => a.order - b.order);
  const changes = sides.filter(({ side }, index) => index > 0 && side !== sides[index - 1]!.side).length;
  const isOneAfterOther = changes <= Math.max(1, 0.1 * Math.min(left.length, right.length));
  const rowsOfLeft = new Set(left.map(({ row }) => row));
  const shared = right.filter(({ row }) => rowsOfLeft.has(row)).length / right.length;
  if (isOneAfterOther) return shared < 0.8 || Math.min(words(left), words(right)) >= 3;
  return [left, right].every((side) => words(side) >= 3 && fills(side) && goesOn(side));
}

/** Of a usual line; scripts without spaces have about three letters to a word. */
function words(cells: Placed[]): number {
  return median(
    cells.map(({ text }) => {
      const wide = text.match(/[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]/g)?.length ?? 0;
      return (text.trim().match(/\S+/g)?.length ?? 0) + wide / 3;
    }),
  );
}

function fills(cells: Placed[]): boolean {
  const widths = cells.map(({ x, right }) => right - x).sort((a, b) => a - b);
  return median(widths) > 0.8 * widths[Math.floor(0.9 * (widths.length - 1))]!;
}

/** Whether lines go on in the midst of a sentence. */
function goesOn(cells: Placed[]): boolean {
  const first = cells.filter(({ text }) => /^\s*(?:\p{Ll}|\p{Lo})/u.test(text));
  return first.length > 0.25 * cells.length;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Whether most letters are of a script that is written so. */
export function runsRightToLeft(rows: Row[]): boolean {
  let balance = 0;
  for (const { cells } of rows) {
    for (const { pieces } of cells) {
      for (const { isRightToLeft, text } of pieces) balance += isRightToLeft ? text.length : -text.length;
    }
  }
  return balance > 0;
}
