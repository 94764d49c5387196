export interface DiffPiece {
  kind: "same" | "added" | "removed";
  text: string;
}

/** What turns one list into another, by its longest common subsequence; beyond `most` steps, all is removed and added. */
function diff(before: readonly string[], after: readonly string[], most = 4_000_000): DiffPiece[] {
  const width = after.length + 1;
  if ((before.length + 1) * width > most) {
    return [
      ...before.map((text): DiffPiece => ({ kind: "removed", text })),
      ...after.map((text): DiffPiece => ({ kind: "added", text })),
    ];
  }
  const common = new Uint32Array((before.length + 1) * width);
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      common[row * width + column] =
        before[row] === after[column]
          ? common[(row + 1) * width + column + 1]! + 1
          : Math.max(common[(row + 1) * width + column]!, common[row * width + column + 1]!);
    }
  }
  const pieces: DiffPiece[] = [];
  let [row, column] = [0, 0];
  while (row < before.length || column < after.length) {
    if (row < before.length && column < after.length && before[row] === after[column]) {
      pieces.push({ kind: "same", text: before[row++]! });
      column++;
    } else if (
      column >= after.length ||
      (row < before.length && common[(row + 1) * width + column]! >= common[row * width + column + 1]!)
    ) {
      pieces.push({ kind: "removed", text: before[row++]! });
    } else pieces.push({ kind: "added", text: after[column++]! });
  }
  return pieces;
}

export const diffLines = (before: string, after: string): DiffPiece[] =>
  diff(before.split("\n"), after.split("\n"));

/** By words, whatever the spaces between them. */
export const diffWords = (before: string, after: string): DiffPiece[] =>
  diff(before.split(/\s+/u).filter(Boolean), after.split(/\s+/u).filter(Boolean));
