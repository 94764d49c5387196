import type { TrainingRecord } from "../../contracts/index.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { chartWidth, createScale, drawColumns, drawRows, frameChart, pickTicks } from "./frame.ts";
import { boxAround, boxesAlong, placeLabels, writeLabel } from "./place-labels.ts";

/** Training and validation loss of every adapter, and its loss on general text before and after. */
export function drawLoss(
  adapters: readonly { name: string; training: TrainingRecord; hue: number }[],
): Markup {
  const height = 260;
  const [left, right, top, bottom] = [44, chartWidth - 92, 14, height - 44];
  const points = adapters.flatMap(({ training }) => training.losses);
  const retained = adapters.map(({ training }) => readRetention(training));
  const steps = Math.max(1, ...[...points, ...retained.flat()].map(({ step }) => step));
  const ticks = pickTicks(
    Math.max(
      0.1,
      ...points.map(({ train, validation }) => Math.max(train ?? 0, validation ?? 0)),
      ...retained.flat().map(({ loss }) => loss),
    ),
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
  const ends = traces.map(({ name, main }) => ({ name, ...place(main.at(-1) ?? { step: 0, loss: 0 }) }));
  const labels = placeLabels(
    ends,
    traces.flatMap(({ training, train, validation, main }, index) => [
      ...boxesAlong(train.map(place)),
      ...boxesAlong(validation.map(place)),
      ...boxesAlong(retained[index]!.map(place)),
      ...main
        .filter(({ step }) => step === training.bestStep)
        .map((kept) => boxAround(x(kept.step), y(kept.loss), 6)),
    ]),
    { left, top: 0, right: chartWidth, bottom },
  );
  const describe = ({ name, training, train, validation }: (typeof traces)[number]) =>
    `${name}, ${training.steps} steps: training ends at ${train.at(-1)?.loss.toFixed(2) ?? "unknown"}, validation at ${validation.at(-1)?.loss.toFixed(2) ?? "unknown"}${training.retention ? `, general text from ${training.retention.before.toFixed(2)} to ${training.retention.after.toFixed(2)}` : ""}`;
  return frameChart(
    {
      id: "loss",
      title: "Loss curves",
      note: `nats per completion token; thick: validation, thin: training, ring: the step that was kept${retained.some(({ length }) => length > 0) ? "; dashed: general text, nats per token, measured before and after" : ""}`,
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
          ${retained[index]!.length === 0 ? null : markup`<path class="trace general" d="${draw(retained[index]!)}" />`}
          ${retained[index]!.map(({ step, loss }) => markup`<circle class="dot" cx="${x(step)}" cy="${y(loss)}" r="2.6" />`)}
          ${validation.map(({ step, loss }) => markup`<circle class="dot" cx="${x(step)}" cy="${y(loss)}" r="2.6" />`)}
          ${kept === undefined ? null : markup`<circle class="ring" cx="${x(kept.step)}" cy="${y(kept.loss)}" r="6" />`}
          ${writeLabel(name, labels[index]!, ends[index]!)}
        </g>`;
      }),
    ],
  );
}

/** The same as text, for a page that shows it as it grows. */
export const renderLoss = (adapters: Parameters<typeof drawLoss>[0]): string => drawLoss(adapters).markup;

type Trace = { step: number; loss: number }[];

function readTrace({ losses }: TrainingRecord, series: "train" | "validation"): Trace {
  return losses.flatMap((point) => {
    const loss = point[series];
    return loss === null ? [] : [{ step: point.step, loss }];
  });
}

/** Measured twice: without the adapter, which stands at step 0, and with what was kept. */
function readRetention({ retention, bestStep, steps }: TrainingRecord): Trace {
  return retention
    ? [
        { step: 0, loss: retention.before },
        { step: bestStep ?? steps, loss: retention.after },
      ]
    : [];
}
