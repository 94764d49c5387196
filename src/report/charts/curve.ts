import type { LearningCurve } from "../../contracts/index.ts";
import { percent, withInterval } from "../../text/index.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { chartWidth, createScale, drawRows, frameChart, margin, shares } from "./frame.ts";

/** The score by the number of training examples, on a logarithmic scale, with the fitted curve and the arm to pass. */
export function drawCurve(name: string, hue: number, curve: LearningCurve): Markup {
  const height = 260;
  const [left, right, top, bottom] = [44, chartWidth - margin, 14, height - 44];
  const { points, fitted, target } = curve;
  const total = points.at(-1)!.examples;
  const ends = [points[0]!.examples, fitted.at(-1)?.examples ?? total].map(Math.log);
  const along = createScale(ends[0]!, ends[1]!, left + 12, right);
  const x = (examples: number) => along(Math.log(examples));
  const y = createScale(0, 1, bottom, top);
  const line = fitted.map(
    ({ examples, value }, index) => `${index === 0 ? "M" : "L"}${x(examples)} ${y(value)}`,
  );
  const band = [
    ...fitted.map(({ examples, high }) => `${x(examples)} ${y(high)}`),
    ...fitted.toReversed().map(({ examples, low }) => `${x(examples)} ${y(low)}`),
  ];
  const ticks = [...points.map(({ examples }) => examples), total * 2, total * 4, total * 8];
  return frameChart(
    {
      id: `curve-${hue}`,
      title: `Learning curve of ${name}`,
      note: "by training examples; ● measured, line: fitted, on to 8 times as many",
      summary: `${points.map(({ examples, score }) => `${examples} examples: ${withInterval(score)}`).join("; ")}. ${curve.words}`,
      height,
    },
    [
      ...drawRows(shares, y, left, right, percent),
      ...ticks.map(
        (tick) =>
          markup`<text class="tick" x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${tick.toLocaleString("en-GB")}</text>`,
      ),
      markup`<text class="axis" x="${(left + right) / 2}" y="${height - 8}" text-anchor="middle">training examples</text>`,
      ...(target === null
        ? []
        : [
            markup`<line class="floor-line" x1="${left}" x2="${right}" y1="${y(target.score)}" y2="${y(target.score)}" />
              <text class="tick" x="${left + 6}" y="${y(target.score) - 5}">${target.name}</text>`,
          ]),
      markup`<g class="arm-${hue}">
        <path class="band" d="M${band.join("L")}Z" />
        <path class="trace strong" d="${line.join("")}" />
        ${points.map(({ examples, score }) => {
          const [low, high] = [score.low ?? score.value, score.high ?? score.value];
          return markup`<path class="whisker" d="M${x(examples)} ${y(low)}V${y(high)}" />
            <circle class="dot" cx="${x(examples)}" cy="${y(score.value)}" r="5" />`;
        })}
      </g>`,
    ],
  );
}
