import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { createScale, drawInterval } from "./frame.ts";

/** The difference between two contenders on a line from -100 to +100 points, for a table's cell. */
export function drawDifference(difference: number, low: number | null, high: number | null): Markup {
  const x = createScale(-1, 1, 4, 156);
  return markup`<svg class="forest" viewBox="0 0 160 20" aria-hidden="true">
    <line class="grid" x1="4" x2="156" y1="10" y2="10" />
    <line class="zero" x1="80" x2="80" y1="2" y2="18" />
    ${drawInterval({ low, high }, x, 10)}
    <circle class="dot" cx="${x(difference)}" cy="10" r="4" />
  </svg>`;
}
