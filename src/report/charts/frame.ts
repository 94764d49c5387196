import { markup } from "../markup.ts";
import type { Estimate } from "../../contracts/index.ts";
import type { Markup } from "../markup.ts";

// Charts are pure functions from figures to SVG. Colour and type come from the page's style sheet, by class.

export const chartWidth = 460;
/** A letter of a name, as large as text is on a narrow screen. */
export const letterWidth = 8.6;
const nameGap = 10;

/** Where the drawing begins beside the names of rows: as wide as the longest, but no wider than half the chart. */
export function measureNames(names: readonly string[]): number {
  const longest = Math.max(0, ...names.map((name) => name.length));
  return Math.min(chartWidth / 2, Math.max(118, Math.ceil(longest * letterWidth) + nameGap));
}

/** The name of a row, ending before `start`; one that is too long for its place is squeezed, never cut. */
export function writeRowName(name: string, start: number, y: number): Markup {
  const room = start - nameGap;
  const place = markup`class="name" x="${room}" y="${y + 4}" text-anchor="end"`;
  return name.length * letterWidth <= room
    ? markup`<text ${place}>${name}</text>`
    : markup`<text ${place} textLength="${room}" lengthAdjust="spacingAndGlyphs">${name}</text>`;
}
export const margin = 24;
export const shares = [0, 0.25, 0.5, 0.75, 1];

/** Linear map of [from, to] to pixels. */
export function createScale(from: number, to: number, start: number, end: number): (value: number) => number {
  const span = to - from || 1;
  return (value) => round(start + ((value - from) / span) * (end - start));
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** About `wanted` round numbers from 0 to at least `most`. */
export function pickTicks(most: number, wanted = 4): number[] {
  const rough = (most || 1) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough)!;
  const ticks = Math.ceil(most / step - 1e-9);
  return Array.from({ length: Math.max(1, ticks) + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** The powers of ten from at most `least` to at least `most`, both above 0. */
export function pickPowers(least: number, most: number): number[] {
  const [from, to] = [Math.floor(Math.log10(least) + 1e-9), Math.ceil(Math.log10(most) - 1e-9)];
  return Array.from({ length: to - from + 1 }, (_, index) => Number(`1e${from + index}`));
}

/** A figure with its caption; `summary` says in words what the drawing shows. */
export function frameChart(
  chart: { id: string; title: string; note: string; summary: string; height: number },
  body: readonly Markup[],
): Markup {
  return markup`<figure class="chart">
    <figcaption><strong>${chart.title}</strong> <span>${chart.note}</span></figcaption>
    <svg
      viewBox="0 0 ${chartWidth} ${chart.height}"
      role="img"
      aria-labelledby="${chart.id}-summary"
      preserveAspectRatio="xMidYMin meet"
    >
      <title id="${chart.id}-summary">${chart.summary}</title>
      ${body}
    </svg>
  </figure>`;
}

/** Vertical grid lines with labels below. */
export function drawColumns(
  ticks: readonly number[],
  x: (value: number) => number,
  top: number,
  bottom: number,
  label: (value: number) => string,
): Markup[] {
  return ticks.map(
    (tick) =>
      markup`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${top}" y2="${bottom}" />
        <text class="tick" x="${x(tick)}" y="${bottom + 19}" text-anchor="middle">${label(tick)}</text>`,
  );
}

/** Horizontal grid lines with labels at the left. */
export function drawRows(
  ticks: readonly number[],
  y: (value: number) => number,
  left: number,
  right: number,
  label: (value: number) => string,
): Markup[] {
  return ticks.map(
    (tick) =>
      markup`<line class="grid" x1="${left}" x2="${right}" y1="${y(tick)}" y2="${y(tick)}" />
        <text class="tick" x="${left - 6}" y="${y(tick) + 4}" text-anchor="end">${label(tick)}</text>`,
  );
}

/** A line from end to end of an estimate's interval; nothing where there is none. */
export function drawInterval(
  { low, high }: Pick<Estimate, "low" | "high">,
  x: (value: number) => number,
  y: number,
): Markup | null {
  if (low === null || high === null) return null;
  return markup`<path
    class="whisker"
    d="M${x(low)} ${y - 4}v8M${x(low)} ${y}H${x(high)}M${x(high)} ${y - 4}v8"
  />`;
}
