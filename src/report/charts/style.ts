import type { Results } from "../../contracts/index.ts";
import { percent, withInterval } from "../../text/index.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { listFinished } from "./finished.ts";
import {
  chartWidth,
  createScale,
  drawColumns,
  frameChart,
  measureNames,
  writeRowName,
  margin,
  shares,
  drawInterval,
} from "./frame.ts";

/** Token F1 of the whole text (ring) and between short answers (dot): the distance is answer style. */
export function drawStyle(results: Results): Markup {
  const rows = listFinished(results);
  const start = measureNames(rows.map(({ arm }) => arm.name));
  const rowHeight = 44;
  const bottom = rows.length * rowHeight + 6;
  const x = createScale(0, 1, start, chartWidth - margin - 6);
  return frameChart(
    {
      id: "style",
      title: "Token F1, with and without style",
      note: "● between short answers, ○ whole text as written",
      summary: rows
        .map(
          ({ arm }) =>
            `${arm.name}: short answers ${withInterval(arm.metrics.f1Normalised)}, whole text ${withInterval(arm.metrics.f1)}`,
        )
        .join("; "),
      height: bottom + 24,
    },
    [
      ...drawColumns(shares, x, 0, bottom, percent),
      ...rows.map(({ arm, hue }, index) => {
        const y = index * rowHeight + rowHeight / 2 + 3;
        const { f1, f1Normalised } = arm.metrics;
        return markup`<g class="arm-${hue}">
          ${writeRowName(arm.name, start, y)}
          ${drawInterval(f1Normalised, x, y - 8)}
          <circle class="dot" cx="${x(f1Normalised.value)}" cy="${y - 8}" r="5" />
          <g class="faint">${drawInterval(f1, x, y + 8)}</g>
          <circle class="ring" cx="${x(f1.value)}" cy="${y + 8}" r="4.5" />
        </g>`;
      }),
    ],
  );
}
