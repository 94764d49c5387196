import type { Results } from "../contracts/index.ts";
import { counted } from "../text/index.ts";
import { drawCost } from "./charts/cost.ts";
import { drawCurve } from "./charts/curve.ts";
import { listFinished } from "./charts/finished.ts";
import { drawLatency } from "./charts/latency.ts";
import { drawLoss } from "./charts/loss.ts";
import { drawQuality } from "./charts/quality.ts";
import { drawStyle } from "./charts/style.ts";
import { markCode } from "./mark-code.ts";
import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { overfitAdvice } from "./overfit-advice.ts";

// The upper part of the page, a function for each section.

export function writeHeader({ run, prices }: Results): Markup {
  const when = run.when.slice(0, 16).replace("T", " ");
  const device = `${run.machine.cores} cores, ${Math.round(run.machine.memoryGb)} GB, ${run.machine.device.toUpperCase()}`;
  return markup`<header class="page-head">
    <p class="brand">lorag <span>comparison</span></p>
    <h1>${run.project}</h1>
    <p class="facts">
      <span>${when} UTC</span><span>${run.split.test} held-out questions</span><span>${run.models.base}</span>
      <span>${device}</span><span>${prices.cpu_hour} ${prices.currency} an hour</span>
    </p>
  </header>`;
}

const outcomeWords = {
  winner: "Winner",
  "no clear winner": "No clear winner",
  none: "None of them",
} as const;
const confidenceDots = { high: "●●●", moderate: "●●○", low: "●○○" } as const;

export function writeVerdict(results: Results): Markup {
  const { verdict } = results;
  const hue = listFinished(results).find(({ arm }) => arm.name === verdict.choose)?.hue;
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0
      ? null
      : markup`<div>
          <h3>${title}</h3>
          <ul>
            ${lines.map((line) => markup`<li>${markCode(line)}</li>`)}
          </ul>
        </div>`;
  return markup`<section class="verdict ${hue === undefined ? "" : `arm-${hue}`}" aria-labelledby="verdict">
    <p class="eyebrow">
      <span class="badge ${verdict.outcome === "winner" ? "good" : "plain"}">${outcomeWords[verdict.outcome]}</span>
      <span class="confidence">
        <span aria-hidden="true">${confidenceDots[verdict.confidence]}</span> ${verdict.confidence} confidence
      </span>
    </p>
    <h2 id="verdict">${keepTogether(verdict.headline)}</h2>
    <div class="verdict-top">
      <div>${section("Why", verdict.reasons)}</div>
      <div>${listFinished(results).length > 0 ? drawQuality(results) : null}</div>
    </div>
    <div class="columns">
      ${section("What to do next", verdict.next)} ${section("Keep in mind", verdict.caveats)}
    </div>
  </section>`;
}

/** Names such as `tuned-rag` must not break at their hyphen in large type. */
function keepTogether(text: string): Markup[] {
  const pieces = text.split(/(\S*-\S*)/u);
  return pieces.map((piece, index) =>
    index % 2 === 1 ? markup`<span class="together">${piece}</span>` : markup`${piece}`,
  );
}

export function writeCharts(results: Results): Markup {
  const arms = listFinished(results);
  if (arms.length === 0) return markup``;
  const trained = arms.flatMap(({ arm, hue }) =>
    arm.training === null ? [] : [{ name: arm.name, training: arm.training, hue }],
  );
  const overfit = trained.flatMap(({ name, training }) => {
    const advice = overfitAdvice(training.losses);
    return advice === undefined ? [] : [markup`<li><code>${name}</code>: ${markCode(advice)}</li>`];
  });
  return markup`<section aria-labelledby="charts">
    <h2 id="charts">The trade-off</h2>
    <div class="charts">
      ${drawCost(results)} ${drawLatency(results)} ${drawStyle(results)}
      ${trained.length > 0 ? drawLoss(trained) : null}
      ${arms.map(({ arm, hue }) => (arm.curve === null ? null : drawCurve(arm.name, hue, arm.curve)))}
    </div>
    ${overfit.length === 0 ? null : markup`<ul class="notes">${overfit}</ul>`}
    ${results.breakEven.length === 0 ? null : writeBreakEven(results.breakEven)}
  </section>`;
}

/** The soonest three; the others folded away. */
function writeBreakEven(breakEven: Results["breakEven"]): Markup {
  const sorted = breakEven.toSorted((a, b) => (a.requests ?? Infinity) - (b.requests ?? Infinity) || 0);
  const writeList = (some: Results["breakEven"]) =>
    markup`<ul class="notes">
      ${some.map(({ words }) => markup`<li>${markCode(words)}</li>`)}
    </ul>`;
  const others = sorted.slice(3);
  return markup`${writeList(sorted.slice(0, 3))}
  ${others.length === 0 ? null : markup`<details class="fold"><summary class="notes">${counted(others.length, "more pair", "more pairs")}</summary>${writeList(others)}</details>`}`;
}
