import type { Range } from "./ranges.ts";
import type { Piece } from "./split-text.ts";

interface SplitSection {
  path: string[];
  /** Most tokens of a chunk that holds this section. */
  room: number;
  pieces: Piece[];
}

/** Greedy: a chunk takes pieces until the next would not fit. */
export function groupPieces(pieces: Piece[], target: number): Range[] {
  return groupSections([{ path: [], room: target, pieces }], target);
}

/**
 * Greedy over sections: one begins a chunk of its own, unless it or what is before it is tiny; sections under
 * different top headings join only when very tiny.
 */
export function groupSections(sections: SplitSection[], target: number): Range[] {
  const groups: { start: number; end: number; path: string[]; tokens: number; room: number }[] = [];
  for (const { path, room, pieces } of sections) {
    const size = pieces.reduce((sum, piece) => sum + piece.tokens, 0);
    for (const [index, piece] of pieces.entries()) {
      const last = groups.at(-1);
      const most = Math.min(room, last?.room ?? room);
      const fits = last !== undefined && last.tokens + (index === 0 ? size : piece.tokens) <= most;
      if (last && fits && (index > 0 || joins(last, { path, tokens: size }, target))) {
        last.end = piece.end;
        last.tokens += piece.tokens;
        last.room = most;
      } else {
        const tokens = piece.tokens + (piece.lead ?? 0);
        groups.push({ start: piece.start, end: piece.end, path, tokens, room });
      }
    }
  }
  return groups.map(({ start, end }) => ({ start, end }));
}

/** Whether a section may go on in the chunk before it: one of the two is too small to be found or read by itself. */
function joins(
  last: { path: string[]; tokens: number },
  next: { path: string[]; tokens: number },
  target: number,
): boolean {
  const smaller = Math.min(last.tokens, next.tokens);
  return smaller < (last.path[0] === next.path[0] ? target / 4 : target / 8);
}
