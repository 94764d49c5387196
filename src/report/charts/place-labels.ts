import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { letterWidth, round } from "./frame.ts";

// Where the names of points on a chart go, so that they cover neither one another nor what is drawn.

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Label {
  x: number;
  /** Of the middle of the text. */
  y: number;
  anchor: "start" | "middle" | "end";
}

// As letters are: as large as text is on a narrow screen, so that the places hold there, too.
const lineHeight = 17;
/** From the middle of the point to its name. */
const gap = 11;
/** What a line further off weighs, in square pixels covered: a name beside its point may touch a thin line. */
const distance = 6;

/** A place inside `frame` for the name of each point: right, left, above, below, else in lines further off. */
export function placeLabels(
  points: readonly { x: number; y: number; name: string }[],
  drawn: readonly Box[],
  frame: Box,
): Label[] {
  const names: Box[] = [];
  const labels: Label[] = [];
  // The outermost of a crowd have room beside them, which another's name would take.
  const middle = points.reduce((sum, { x }) => sum + x / points.length, 0);
  const order = [...points.entries()].sort(([, a], [, b]) => Math.abs(b.x - middle) - Math.abs(a.x - middle));
  for (const [index, point] of order) {
    const places = listPlaces(point, frame).map(({ label, line }) => {
      const box = boxOf(label, point.name);
      const covers = (others: readonly Box[]) =>
        others.reduce((sum, other) => sum + sharedArea(box, other), 0);
      const outside = areaOf(box) - sharedArea(box, frame);
      const cost = covers(drawn) + unreadable(covers(names)) + unreadable(outside) + distance * line;
      return { label, box, cost };
    });
    const best = places.reduce((a, b) => (b.cost < a.cost ? b : a));
    names.push(best.box);
    labels[index] = best.label;
  }
  return labels;
}

/** A name over another, or cut off by the frame, weighs more than any line that is drawn: it cannot be read. */
const unreadable = (area: number): number => (area > 1e-6 ? 1000 + 10 * area : 0);

function listPlaces({ x, y }: { x: number; y: number }, frame: Box): { label: Label; line: number }[] {
  const inside = (middle: number) =>
    Math.min(Math.max(middle, frame.top + lineHeight / 2), frame.bottom - lineHeight / 2);
  const beside = (line: number, aside = 0): { label: Label; line: number }[] => {
    const middle = inside(y + line * lineHeight);
    const off = Math.abs(line) + aside / lineHeight;
    return [
      { label: { x: x + gap + aside, y: middle, anchor: "start" }, line: off },
      { label: { x: x - gap - aside, y: middle, anchor: "end" }, line: off },
    ];
  };
  const past = gap + lineHeight / 2;
  return [
    ...beside(0),
    { label: { x, y: y - past, anchor: "middle" }, line: 0 },
    { label: { x, y: y + past, anchor: "middle" }, line: 0 },
    ...[1, 2, 3, 4, 5, 6, 7, 8].flatMap((line) => [...beside(-line), ...beside(line)]),
    ...[-2, -1, 0, 1, 2].flatMap((line) => [30, 60, 90].flatMap((aside) => beside(line, aside))),
  ];
}

/** What a name covers at its place. */
export function boxOf({ x, y, anchor }: Label, name: string): Box {
  const width = name.length * letterWidth;
  const left = { start: x, middle: x - width / 2, end: x - width }[anchor];
  return { left, top: y - lineHeight / 2, right: left + width, bottom: y + lineHeight / 2 };
}

export function boxAround(x: number, y: number, radius: number): Box {
  return { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius };
}

/** A line from point to point as small boxes. */
export function boxesAlong(points: readonly { x: number; y: number }[]): Box[] {
  const every = 3;
  return points.flatMap((to, index) => {
    const from = points[Math.max(0, index - 1)]!;
    const pieces = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / every));
    return Array.from({ length: pieces }, (_, piece) => {
      const part = (piece + 1) / pieces;
      return boxAround(from.x + part * (to.x - from.x), from.y + part * (to.y - from.y), every / 2);
    });
  });
}

/** In square pixels; 0 where they lie apart. */
export function sharedArea(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

function areaOf({ left, top, right, bottom }: Box): number {
  return (right - left) * (bottom - top);
}

/** In the colour of its arm, with a thin line to its point where it stands away from it. */
export function writeLabel(name: string, { x, y, anchor }: Label, point: { x: number; y: number }): Markup {
  const end = { start: x - 2, middle: x, end: x + 2 }[anchor];
  const leader =
    Math.abs(y - point.y) > lineHeight || Math.abs(end - point.x) > 2 * gap
      ? markup`<path class="leader" d="M${point.x} ${point.y}L${round(end)} ${round(y)}" />`
      : null;
  return markup`${leader}<text class="name coloured" x="${round(x)}" y="${round(y + 4)}" text-anchor="${anchor}">${name}</text>`;
}
