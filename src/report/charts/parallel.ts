import type { SearchReport, SearchTrial } from "../../contracts/index.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { chartWidth, createScale, frameChart, margin } from "./frame.ts";

/** Where a trial's line crosses an axis, from 0 at the bottom to 1 at the top. */
interface Axis {
  label: string;
  low: string;
  high: string;
  place: (trial: SearchTrial) => number;
}

/**
 * Parallel coordinates: a line for each trial across an axis for each setting, and one for its loss. Those that came
 * furthest are drawn strong, the best in the first colour.
 */
export function drawParallel(report: SearchReport): Markup {
  const trials = report.trials.filter((trial) => Number.isFinite(trial.losses.at(-1)));
  const height = 300;
  const [left, right, top, bottom] = [44, chartWidth - margin - 20, 40, height - 34];
  const axes = axesOf(trials);
  const x = createScale(0, axes.length - 1, left, right);
  const y = createScale(0, 1, bottom, top);
  const furthest = Math.max(0, ...trials.map(({ losses }) => losses.length));
  const path = (trial: SearchTrial): string =>
    axes.map(({ place }, index) => `${index === 0 ? "M" : "L"}${x(index)} ${y(place(trial))}`).join("");
  const best = trials.find(({ id }) => id === report.best);
  // The best is drawn last, over the others.
  const drawn = [...trials.filter((trial) => trial !== best), ...(best ? [best] : [])];
  return frameChart(
    {
      id: "parallel",
      title: "Trials",
      note: "a line for each; the lower its loss, the lower it ends",
      summary: best ? `Best: trial ${best.id}, ${describeSettings(best)}` : "No trial has a loss",
      height,
    },
    [
      ...axes.map(
        (
          { label, low, high },
          index,
        ) => markup`<line class="grid" x1="${x(index)}" x2="${x(index)}" y1="${top}" y2="${bottom}" />
          <text class="axis" x="${x(index)}" y="14" text-anchor="middle">${label}</text>
          <text class="tick" x="${x(index)}" y="${top - 8}" text-anchor="middle">${high}</text>
          <text class="tick" x="${x(index)}" y="${bottom + 16}" text-anchor="middle">${low}</text>`,
      ),
      ...drawn.map(
        (trial) => markup`<g class="arm-${trial === best ? 0 : 1}">
          <path class="trace ${trial === best || trial.losses.length === furthest ? "strong" : "faint"}" d="${path(trial)}"><title>trial ${trial.id}: ${describeSettings(trial)}</title></path>
        </g>`,
      ),
    ],
  );
}

export const describeSettings = ({ settings }: SearchTrial): string =>
  Object.entries(settings)
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");

const shortNames: Readonly<Record<string, string>> = {
  learning_rate: "rate",
  lora_r: "rank",
  lora_alpha: "alpha",
  lora_dropout: "dropout",
  num_epochs: "epochs",
};

function axesOf(trials: readonly SearchTrial[]): Axis[] {
  const keys = Object.keys(trials[0]?.settings ?? {});
  const axis = (label: string, read: (trial: SearchTrial) => number, isLogarithmic: boolean): Axis => {
    const values = trials.map(read);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const scaled = (value: number) => (isLogarithmic ? Math.log(value) : value);
    const span = scaled(high) - scaled(low);
    return {
      label,
      low: written(low),
      high: written(high),
      place: (trial) => (span === 0 ? 0.5 : (scaled(read(trial)) - scaled(low)) / span),
    };
  };
  return [
    ...keys.map((key) =>
      axis(
        shortNames[key] ?? key,
        ({ settings }) => settings[key]!,
        key !== "lora_dropout" && key !== "num_epochs",
      ),
    ),
    axis("loss", ({ losses }) => losses.at(-1) as number, false),
  ];
}

const written = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "";
