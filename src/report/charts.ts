import type { ArmResult, Estimate, Results, TrainingRecord } from "../contracts/index.ts";
import { milliseconds, money, percent, withInterval } from "../text/index.ts";
import {
  chartWidth,
  createScale,
  drawColumns,
  drawRows,
  frameChart,
  pickTicks,
  round,
} from "./chart-frame.ts";
import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { metricTitles } from "./metric-titles.ts";
import { boxAround, boxesAlong, boxOf, placeLabels } from "./place-labels.ts";
import type { Label } from "./place-labels.ts";

const names = 118;
const margin = 24;
const shares = [0, 0.25, 0.5, 0.75, 1];

/** Arms that ran, with the number of their colour. */
export function listFinished(results: Results): { arm: ArmResult; hue: number }[] {
  return results.arms.flatMap((arm, index) => (arm.status === "ok" ? [{ arm, hue: index % 8 }] : []));
}

/** The primary metric with its interval: a row for each arm, then for each floor. */
export function drawQuality(results: Results): Markup {
  const title = results.task === "classification" ? "Accuracy" : metricTitles[results.primary];
  const rows = [
    ...listFinished(results).map(({ arm, hue }) => ({
      name: arm.name,
      style: `arm-${hue}`,
      metrics: arm.metrics,
    })),
    ...results.floors.map(({ name, metrics }) => ({ name, style: "floor", metrics })),
  ].map((row) => ({ ...row, estimate: row.metrics[results.primary] }));
  const rowHeight = 36;
  const bottom = rows.length * rowHeight + 6;
  const x = createScale(0, 1, names, chartWidth - margin - 34);
  const floor = Math.max(0, ...results.floors.map(({ metrics }) => metrics[results.primary].value));
  const summary = rows.map(({ name, estimate }) => `${name} ${withInterval(estimate)}`).join("; ");
  return frameChart(
    {
      id: "quality",
      title,
      note: `${results.primary === "correct" ? "share of" : "mean of"} ${rows[0]?.estimate.n ?? 0} held-out questions, with 95% intervals${results.floors.length > 0 ? "; dashed: best floor" : ""}`,
      summary: `${title}: ${summary}.`,
      height: bottom + 24,
    },
    [
      ...drawColumns(shares, x, 0, bottom, percent),
      ...(results.floors.length > 0
        ? [markup`<line class="floor-line" x1="${x(floor)}" x2="${x(floor)}" y1="0" y2="${bottom}" />`]
        : []),
      ...rows.map(({ name, style, estimate }, index) => {
        const y = index * rowHeight + rowHeight / 2 + 3;
        return markup`<g class="${style}">
          <text class="name" x="${names - 10}" y="${y + 4}" text-anchor="end">${name}</text>
          <rect
            class="bar"
            x="${x(0)}"
            y="${y - 8}"
            width="${round(x(estimate.value) - x(0))}"
            height="16"
            rx="2"
          />
          ${drawInterval(estimate, x, y)}
          <text class="value" x="${x(estimate.high) + 8}" y="${y + 4}">${percent(estimate.value)}</text>
        </g>`;
      }),
    ],
  );
}

function drawInterval({ low, high }: Estimate, x: (value: number) => number, y: number): Markup {
  return markup`<path
    class="whisker"
    d="M${x(low)} ${y - 4}v8M${x(low)} ${y}H${x(high)}M${x(high)} ${y - 4}v8"
  />`;
}

/** Token F1 of the whole text (ring) and between short answers (dot): the distance is answer style. */
export function drawStyle(results: Results): Markup {
  const rows = listFinished(results);
  const rowHeight = 44;
  const bottom = rows.length * rowHeight + 6;
  const x = createScale(0, 1, names, chartWidth - margin - 6);
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
          <text class="name" x="${names - 10}" y="${y + 4}" text-anchor="end">${arm.name}</text>
          ${drawInterval(f1Normalised, x, y - 8)}
          <circle class="dot" cx="${x(f1Normalised.value)}" cy="${y - 8}" r="5" />
          <g class="faint">${drawInterval(f1, x, y + 8)}</g>
          <circle class="ring" cx="${x(f1.value)}" cy="${y + 8}" r="4.5" />
        </g>`;
      }),
    ],
  );
}

/** Up and to the left is better. */
export function drawCost(results: Results): Markup {
  const rows = listFinished(results);
  const height = 260;
  const [left, right, top, bottom] = [44, chartWidth - margin, 14, height - 44];
  const ticks = pickTicks(Math.max(...rows.map(({ arm }) => arm.cost.per1000Answers)) * 1.02);
  const x = createScale(0, ticks.at(-1)!, left, right);
  const y = createScale(0, 1, bottom, top);
  const floor = Math.max(0, ...results.floors.map(({ metrics }) => metrics[results.primary].value));
  const amount = (value: number) => money(value, "").trim();
  const points = rows.map(({ arm }) => ({
    name: arm.name,
    x: x(arm.cost.per1000Answers),
    y: y(arm.metrics[results.primary].value),
  }));
  const whiskers = rows.map(({ arm }, index) => {
    const { low, high } = arm.metrics[results.primary];
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
        ${results.prices.currency} for 1,000 answers
      </text>`,
      ...(results.floors.length > 0
        ? [
            markup`<line class="floor-line" x1="${left}" x2="${right}" y1="${y(floor)}" y2="${y(floor)}" />
              <text class="tick" x="${floorLabel.x}" y="${floorLabel.y + 4}">best floor</text>`,
          ]
        : []),
      ...rows.map(({ arm, hue }, index) => {
        const { low, high } = arm.metrics[results.primary];
        const { x: cx, y: cy } = points[index]!;
        return markup`<g class="arm-${hue}">
          <path class="whisker" d="M${cx} ${y(low)}V${y(high)}" />
          <circle class="dot" cx="${cx}" cy="${cy}" r="6.5" />
          ${writeLabel(arm.name, labels[index]!)}
        </g>`;
      }),
    ],
  );
}

/** In the colour of its arm, as it may stand a little away. */
function writeLabel(name: string, { x, y, anchor }: Label): Markup {
  return markup`<text class="name coloured" x="${round(x)}" y="${round(y + 4)}" text-anchor="${anchor}">${name}</text>`;
}

/** A bar to the median, and a thin one on to the 95th percentile. */
export function drawLatency(results: Results): Markup {
  const rows = listFinished(results);
  const rowHeight = 36;
  const bottom = rows.length * rowHeight + 6;
  const ticks = pickTicks(Math.max(...rows.map(({ arm }) => arm.latency.p95Ms)));
  const x = createScale(0, ticks.at(-1)!, names, chartWidth - margin - 14);
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
          <text class="name" x="${names - 10}" y="${y + 4}" text-anchor="end">${arm.name}</text>
          <path class="whisker" d="M${x(p50Ms)} ${y}H${x(p95Ms)}M${x(p95Ms)} ${y - 5}v10" />
          <rect class="solid" x="${x(0)}" y="${y - 8}" width="${round(x(p50Ms) - x(0))}" height="16" rx="2" />
        </g>`;
      }),
    ],
  );
}

/** Training and validation loss of every adapter. */
export function drawLoss(
  adapters: readonly { name: string; training: TrainingRecord; hue: number }[],
): Markup {
  const height = 260;
  const [left, right, top, bottom] = [44, chartWidth - 92, 14, height - 44];
  const points = adapters.flatMap(({ training }) => training.losses);
  const steps = Math.max(1, ...points.map((point) => point.step));
  const ticks = pickTicks(
    Math.max(0.1, ...points.map(({ train, validation }) => Math.max(train ?? 0, validation ?? 0))),
  );
  const x = createScale(0, steps, left, right);
  const y = createScale(0, ticks.at(-1)!, bottom, top);
  const traces = adapters.map(({ name, training, hue }) => {
    const [train, validation] = [readTrace(training, "train"), readTrace(training, "validation")];
    return { name, training, hue, train, validation, main: validation.length > 0 ? validation : train };
  });
  const draw = (trace: Trace) =>
    trace.map(({ step, loss }, index) => `${index === 0 ? "M" : "L"}${x(step)} ${y(loss)}`).join("");
  const place = ({ step, loss }: Trace[number]) => ({ x: x(step), y: y(loss) });
  const labels = placeLabels(
    traces.map(({ name, main }) => ({ name, ...place(main.at(-1) ?? { step: 0, loss: 0 }) })),
    traces.flatMap(({ training, train, validation, main }) => [
      ...boxesAlong(train.map(place)),
      ...boxesAlong(validation.map(place)),
      ...main
        .filter(({ step }) => step === training.bestStep)
        .map((kept) => boxAround(x(kept.step), y(kept.loss), 6)),
    ]),
    { left, top: 0, right: chartWidth, bottom },
  );
  const describe = ({ name, training, train, validation }: (typeof traces)[number]) =>
    `${name}, ${training.steps} steps: training ends at ${train.at(-1)?.loss.toFixed(2) ?? "unknown"}, validation at ${validation.at(-1)?.loss.toFixed(2) ?? "unknown"}`;
  return frameChart(
    {
      id: "loss",
      title: "Loss curves",
      note: "nats per completion token; thick: validation, thin: training, ring: the step that was kept",
      summary: `${traces.map(describe).join("; ")}.`,
      height,
    },
    [
      ...drawRows(ticks, y, left, right, String),
      ...drawColumns(
        pickTicks(steps).filter((tick) => tick <= steps),
        x,
        top,
        bottom,
        String,
      ),
      markup`<text class="axis" x="${(left + right) / 2}" y="${height - 8}" text-anchor="middle">optimizer steps</text>`,
      ...traces.map(({ name, training, hue, train, validation, main }, index) => {
        const kept = main.find(({ step }) => step === training.bestStep);
        return markup`<g class="arm-${hue}">
          <path class="trace faint" d="${draw(train)}" />
          <path class="trace strong" d="${draw(validation)}" />
          ${validation.map(({ step, loss }) => markup`<circle class="dot" cx="${x(step)}" cy="${y(loss)}" r="2.6" />`)}
          ${kept === undefined ? null : markup`<circle class="ring" cx="${x(kept.step)}" cy="${y(kept.loss)}" r="6" />`}
          ${writeLabel(name, labels[index]!)}
        </g>`;
      }),
    ],
  );
}

type Trace = { step: number; loss: number }[];

function readTrace({ losses }: TrainingRecord, series: "train" | "validation"): Trace {
  return losses.flatMap((point) => {
    const loss = point[series];
    return loss === null ? [] : [{ step: point.step, loss }];
  });
}

/** The difference between two contenders on a line from -100 to +100 points, for a table's cell. */
export function drawDifference(difference: number, low: number, high: number): Markup {
  const x = createScale(-1, 1, 4, 156);
  return markup`<svg class="forest" viewBox="0 0 160 20" aria-hidden="true">
    <line class="grid" x1="4" x2="156" y1="10" y2="10" />
    <line class="zero" x1="80" x2="80" y1="2" y2="18" />
    <path class="whisker" d="M${x(low)} 6v8M${x(low)} 10H${x(high)}M${x(high)} 6v8" />
    <circle class="dot" cx="${x(difference)}" cy="10" r="4" />
  </svg>`;
}
