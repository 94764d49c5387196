/** A stretch of text as a page draws it. Places are points on the page as it is read: `x` from the left, `y` from below. */
export interface Piece {
  text: string;
  x: number;
  /** Of the line that its letters stand on. */
  y: number;
  width: number;
  /** Height of its letters; 0 for what is printed sideways. */
  size: number;
  /** Its place in the order in which the page draws. */
  order: number;
  isRightToLeft: boolean;
  /** Where a click on it leads. */
  href?: string;
  /** What a form asks for here, if it was filled in. */
  field?: string;
}

/** What stands side by side without a wide gap: a stretch of a line, or what a table has in one place of a row. */
export interface Cell {
  pieces: Piece[];
  x: number;
  right: number;
}

/** What stands on one line across a page, from left to right. `size` and `y` are those of most of its letters. */
export interface Row {
  cells: Cell[];
  text: string;
  size: number;
  y: number;
}
