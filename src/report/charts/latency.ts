import type { Results } from "../../contracts/index.ts";
import { milliseconds } from "../../text/index.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { listFinished } from "./finished.ts";
import {
  chartWidth,
  createScale,
  drawColumns,
  frameChart,
  pickTicks,
  round,
  measureNames,
  writeRowName,
  margin,
} from "./frame.ts";

/** A bar to the median, and a thin one on to the 95th percentile. */
export function drawLatency(results: Results): Markup {
  const rows = listFinished(results);
  const start = measureNames(rows.map(({ arm }) => arm.name));
  const rowHeight = 36;
  const bottom = rows.length * rowHeight + 6;
  const ticks = pickTicks(Math.max(...rows.map(({ arm }) => arm.latency.p95Ms)));
  const x = createScale(0, ticks.at(-1)!, start, chartWidth - margin - 14);
  return frameChart(
    {
      id: "latency",
      title: "Time to the whole answer",
      note: "bar: median, line: up to the 95th percentile",
      summary: rows
        .map(
          ({ arm }) =>
            `${arm.name}: median ${milliseconds(arm.latency.p50Ms)}, 95th percentile ${milliseconds(arm.latency.p95Ms)}`,
        )
        .join("; "),
      height: bottom + 24,
    },
    [
      ...drawColumns(ticks, x, 0, bottom, milliseconds),
      ...rows.map(({ arm, hue }, index) => {
        const y = index * rowHeight + rowHeight / 2 + 3;
        const { p50Ms, p95Ms } = arm.latency;
        return markup`<g class="arm-${hue}">
          ${writeRowName(arm.name, start, y)}
          <path class="whisker" d="M${x(p50Ms)} ${y}H${x(p95Ms)}M${x(p95Ms)} ${y - 5}v10" />
          <rect class="solid" x="${x(0)}" y="${y - 8}" width="${round(x(p50Ms) - x(0))}" height="16" rx="2" />
        </g>`;
      }),
    ],
  );
}
