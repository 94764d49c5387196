import type { Estimate, Results } from "../../contracts/index.ts";
import { money, percent } from "../../text/index.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { listFinished } from "./finished.ts";
import {
  chartWidth,
  createScale,
  drawColumns,
  drawRows,
  frameChart,
  pickPowers,
  pickTicks,
  margin,
  shares,
} from "./frame.ts";
import { boxAround, boxesAlong, boxOf, placeLabels, writeLabel } from "./place-labels.ts";
import type { Label } from "./place-labels.ts";

/** From end to end of the interval, or nowhere where there is none. */
function reach({ value, low, high }: Estimate): [number, number] {
  return [low ?? value, high ?? value];
}

/** On a linear axis the cheap ones would lie on one another if the dearest costs more times as much. */
const farApart = 30;

function scaleCosts(costs: readonly number[], left: number, right: number) {
  const [least, most] = [Math.min(...costs), Math.max(...costs)];
  // What costs nothing has no place on a logarithmic axis.
  if (least > 0 && most > farApart * least) {
    const ticks = pickPowers(least, most);
    const along = createScale(Math.log10(ticks[0]!), Math.log10(ticks.at(-1)!), left, right);
    return { x: (cost: number) => along(Math.log10(cost)), ticks, logarithmic: true };
  }
  const ticks = pickTicks(most * 1.02);
  return { x: createScale(0, ticks.at(-1)!, left, right), ticks, logarithmic: false };
}

/** Up and to the left is better. */
export function drawCost(results: Results): Markup {
  const rows = listFinished(results);
  const height = 260 + 16 * Math.max(0, rows.length - 5);
  const [left, right, top, bottom] = [44, chartWidth - margin, 14, height - 44];
  const { x, ticks, logarithmic } = scaleCosts(
    rows.map(({ arm }) => arm.cost.per1000Answers),
    left,
    right,
  );
  const y = createScale(0, 1, bottom, top);
  const floor = Math.max(0, ...results.floors.map(({ metrics }) => metrics[results.primary].value));
  const amount = (value: number) => money(value, "").trim();
  const points = rows.map(({ arm }) => ({
    name: arm.name,
    x: x(arm.cost.per1000Answers),
    y: y(arm.metrics[results.primary].value),
  }));
  const whiskers = rows.map(({ arm }, index) => {
    const [low, high] = reach(arm.metrics[results.primary]);
    return boxesAlong([low, high].map((end) => ({ x: points[index]!.x, y: y(end) })));
  });
  const floorLabel: Label = { x: left + 6, y: y(floor) - 9, anchor: "start" };
  const labels = placeLabels(
    points,
    [
      ...points.map((point) => boxAround(point.x, point.y, 6.5)),
      ...whiskers.flat(),
      ...(results.floors.length > 0
        ? [boxOf(floorLabel, "best floor"), { left, right, top: y(floor) - 1, bottom: y(floor) + 1 }]
        : []),
    ],
    { left, top: 0, right: chartWidth, bottom },
  );
  return frameChart(
    {
      id: "cost",
      title: "Cost against quality",
      note: "up and to the left is better",
      summary: rows
        .map(
          ({ arm }) =>
            `${arm.name}: ${percent(arm.metrics[results.primary].value)} at ${money(arm.cost.per1000Answers, results.prices.currency)} for 1,000 answers`,
        )
        .join("; "),
      height,
    },
    [
      ...drawRows(shares, y, left, right, percent),
      ...drawColumns(ticks, x, top, bottom, amount),
      markup`<text class="axis" x="${(left + right) / 2}" y="${height - 8}" text-anchor="middle">
        ${results.prices.currency} for 1,000 answers${logarithmic ? ", logarithmic" : ""}
      </text>`,
      ...(results.floors.length > 0
        ? [
            markup`<line class="floor-line" x1="${left}" x2="${right}" y1="${y(floor)}" y2="${y(floor)}" />
              <text class="tick" x="${floorLabel.x}" y="${floorLabel.y + 4}">best floor</text>`,
          ]
        : []),
      ...rows.map(({ arm, hue }, index) => {
        const [low, high] = reach(arm.metrics[results.primary]);
        const { x: cx, y: cy } = points[index]!;
        return markup`<g class="arm-${hue}">
          <path class="whisker" d="M${cx} ${y(low)}V${y(high)}" />
          <circle class="dot" cx="${cx}" cy="${cy}" r="6.5" />
          ${writeLabel(arm.name, labels[index]!, points[index]!)}
        </g>`;
      }),
    ],
  );
}
