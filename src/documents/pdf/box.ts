/** A rectangle in the page's own space. */
export interface Box {
  left: number;
  bottom: number;
  right: number;
  top: number;
}

/** Six numbers, as PDF writes a change of axes (ISO 32000-1, 8.3.3). */
export type Matrix = ArrayLike<number>;

export const everywhere: Box = { left: -1e9, bottom: -1e9, right: 1e9, top: 1e9 };

/** `inner` first, then `outer`. */
export function multiply(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = sixOf(outer);
  const [g, h, i, j, k, l] = sixOf(inner);
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

/** The rectangle around what a rectangle becomes. */
export function boxOf(matrix: Matrix, x0: number, y0: number, x1: number, y1: number): Box {
  const [a, b, c, d, e, f] = sixOf(matrix);
  const xs = [x0, x1].flatMap((x) => [y0, y1].map((y) => a * x + c * y + e));
  const ys = [x0, x1].flatMap((x) => [y0, y1].map((y) => b * x + d * y + f));
  return { left: Math.min(...xs), right: Math.max(...xs), bottom: Math.min(...ys), top: Math.max(...ys) };
}

const sixOf = (matrix: Matrix): [number, number, number, number, number, number] =>
  Array.from({ length: 6 }, (_, at) => matrix[at] ?? (at === 0 || at === 3 ? 1 : 0)) as never;

export const intersect = (a: Box, b: Box): Box => ({
  left: Math.max(a.left, b.left),
  bottom: Math.max(a.bottom, b.bottom),
  right: Math.min(a.right, b.right),
  top: Math.min(a.top, b.top),
});

/** Whether `inner` lies in `outer`, but for a point at the edges. */
export const contains = (outer: Box, inner: Box): boolean =>
  inner.left >= outer.left - 1 &&
  inner.right <= outer.right + 1 &&
  inner.bottom >= outer.bottom - 1 &&
  inner.top <= outer.top + 1;

export const areaOf = ({ left, right, bottom, top }: Box): number =>
  Math.max(0, right - left) * Math.max(0, top - bottom);

/** Whether a rectangle stays one that stands straight. */
export function isUpright(matrix: Matrix): boolean {
  const [a, b, c, d] = sixOf(matrix);
  return (Math.abs(b) < 1e-6 && Math.abs(c) < 1e-6) || (Math.abs(a) < 1e-6 && Math.abs(d) < 1e-6);
}

/** Whether a path of pdf.js (0 moves, 1 draws a line, 2 a curve, 3 closes) is one rectangle that stands straight. */
export function isRectangle(path: ArrayLike<number>): boolean {
  const points: [number, number][] = [];
  for (let at = 0; at < path.length; at += 3) {
    if (path[at] === 3 && at === path.length - 1) break;
    if (path[at] !== (at === 0 ? 0 : 1)) return false;
    points.push([path[at + 1]!, path[at + 2]!]);
  }
  const corners = points.slice(0, 4);
  return (
    corners.length === 4 &&
    points.length <= 5 &&
    corners.every(([x, y], at) => {
      const [nextX, nextY] = points[at + 1] ?? points[0]!;
      return Math.abs(x - nextX) < 0.01 || Math.abs(y - nextY) < 0.01;
    })
  );
}
