import type { Results } from "../../contracts/index.ts";
import { percent, withInterval } from "../../text/index.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { metricTitles } from "../metric-titles.ts";
import { listFinished } from "./finished.ts";
import {
  chartWidth,
  createScale,
  drawColumns,
  frameChart,
  round,
  measureNames,
  writeRowName,
  margin,
  shares,
  drawInterval,
} from "./frame.ts";

/** The primary metric with its interval: a row for each arm, then for each floor. */
export function drawQuality(results: Results): Markup {
  const title = results.task === "classification" ? "Accuracy" : metricTitles[results.primary];
  const rows = [
    ...listFinished(results).map(({ arm, hue }) => ({
      name: arm.name,
      style: `arm-${hue}`,
      metrics: arm.metrics,
      trainings: arm.trainings.length > 1 ? arm.trainings.map((training) => training[results.primary]) : [],
    })),
    ...results.floors.map(({ name, metrics }) => ({ name, style: "floor", metrics, trainings: [] })),
  ].map((row) => ({ ...row, estimate: row.metrics[results.primary] }));
  const start = measureNames(rows.map(({ name }) => name));
  const rowHeight = rows.length > 8 ? 30 : 36;
  const bottom = rows.length * rowHeight + 6;
  const x = createScale(0, 1, start, chartWidth - margin - 34);
  const floor = Math.max(0, ...results.floors.map(({ metrics }) => metrics[results.primary].value));
  const summary = rows.map(({ name, estimate }) => `${name} ${withInterval(estimate)}`).join("; ");
  return frameChart(
    {
      id: "quality",
      title,
      note: `${results.primary === "correct" ? "share of" : "mean of"} ${rows[0]?.estimate.n ?? 0} held-out questions, with 95% intervals${rows.some(({ trainings }) => trainings.length > 0) ? "; dots: single trainings" : ""}${results.floors.length > 0 ? "; dashed: best floor" : ""}`,
      summary: `${title}: ${summary}.`,
      height: bottom + 24,
    },
    [
      ...drawColumns(shares, x, 0, bottom, percent),
      ...(results.floors.length > 0
        ? [markup`<line class="floor-line" x1="${x(floor)}" x2="${x(floor)}" y1="0" y2="${bottom}" />`]
        : []),
      ...rows.map(({ name, style, estimate, trainings }, index) => {
        const y = index * rowHeight + rowHeight / 2 + 3;
        return markup`<g class="${style}">
          ${writeRowName(name, start, y)}
          <rect
            class="bar"
            x="${x(0)}"
            y="${y - 8}"
            width="${round(x(estimate.value) - x(0))}"
            height="16"
            rx="2"
          />
          ${drawInterval(estimate, x, y)}
          ${trainings.map((score) => markup`<circle class="training" cx="${x(score)}" cy="${y}" r="3.2" />`)}
          <text class="value" x="${x(Math.max(estimate.high ?? estimate.value, ...trainings)) + 8}" y="${y + 4}">${percent(estimate.value)}</text>
        </g>`;
      }),
    ],
  );
}
