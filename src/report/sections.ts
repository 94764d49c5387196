import type { ArmResult, PairwiseTest, Results } from "../contracts/index.ts";
import { duration, list, percent, points, pValue } from "../text/index.ts";
import {
  drawCost,
  drawDifference,
  drawLatency,
  drawLoss,
  drawQuality,
  drawStyle,
  listFinished,
} from "./charts.ts";
import { splitCode } from "./code-spans.ts";
import { findBest, listComparisonRows, listTests } from "./comparison-rows.ts";
import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { metricTitles } from "./metric-titles.ts";

// The page from top to bottom, a function for each part.

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

function markCode(line: string): Markup[] {
  return splitCode(line).map(({ text, isCode }) => (isCode ? markup`<code>${text}</code>` : markup`${text}`));
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
  return markup`<section aria-labelledby="charts">
    <h2 id="charts">The trade-off</h2>
    <div class="charts">
      ${drawCost(results)} ${drawLatency(results)} ${drawStyle(results)}
      ${trained.length > 0 ? drawLoss(trained) : null}
    </div>
    ${
      results.breakEven.length === 0
        ? null
        : markup`<ul class="notes">
            ${results.breakEven.map(({ words }) => markup`<li>${markCode(words)}</li>`)}
          </ul>`
    }
  </section>`;
}

export function writeComparison(results: Results): Markup {
  const arms = listFinished(results);
  const rows = listComparisonRows(results);
  const failed = results.arms.filter((arm) => arm.status === "failed");
  const groups = [...new Set(rows.map((row) => row.group))];
  const { floors } = results;
  return markup`<section aria-labelledby="comparison">
    <h2 id="comparison">Every figure</h2>
    <p class="lead">
      With 95% intervals; ★ is the best arm.
      ${floors.length > 0 ? "The grey columns are floors, which use no language model." : null}
    </p>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="comparison">
      <table class="figures">
        <thead>
          <tr>
            <td></td>
            ${arms.map(({ arm, hue }) => markup`<th scope="col" class="arm-${hue}">${arm.name}</th>`)}
            ${failed.map((arm) => markup`<th scope="col" class="failed">${arm.name}</th>`)}
            ${floors.map(({ name }) => markup`<th scope="col" class="floor">${name}</th>`)}
          </tr>
        </thead>
        ${groups.map(
          (group) =>
            markup`<tbody>
              <tr class="group">
                <th scope="rowgroup" colspan="${results.arms.length + floors.length + 1}">${group}</th>
              </tr>
              ${rows
                .filter((row) => row.group === group)
                .map((row) => {
                  const best = findBest(
                    row,
                    arms.map(({ arm }) => arm),
                  );
                  return markup`<tr>
                    <th scope="row">${row.label}<small>${row.hint}</small></th>
                    ${arms.map(
                      ({ arm }) =>
                        markup`<td class="${best.has(arm.name) ? "best" : ""}">
                          ${splitInterval(row.cell(arm))}
                        </td>`,
                    )}
                    ${failed.map(() => markup`<td class="failed">failed</td>`)}
                    ${floors.map((floor) => markup`<td class="floor">${splitInterval(row.floorCell(floor))}</td>`)}
                  </tr>`;
                })}
            </tbody>`,
        )}
      </table>
    </div>
    ${failed.map(
      ({ name, error }) =>
        markup`<p class="failure"><strong>${name} failed.</strong> ${markCode(`${error.message} ${error.next}`)}</p>`,
    )}
  </section>`;
}

/** The interval under its value, in smaller type. */
function splitInterval(cell: string): Markup {
  const [value, interval] = cell.split(" (");
  return interval === undefined ? markup`${cell}` : markup`${value!}<small>${interval.slice(0, -1)}</small>`;
}

export function writeTypes(results: Results): Markup {
  const rows = [
    ...listFinished(results).map(({ arm, hue }) => ({
      name: arm.name,
      byType: arm.byType,
      style: `arm-${hue}`,
    })),
    ...results.floors.map(({ name, byType }) => ({ name, byType, style: "floor" })),
  ];
  const types = rows[0]?.byType.map((entry) => ({ type: entry.type, n: entry.correct.n })) ?? [];
  if (types.length < 2) return markup``;
  return markup`<section aria-labelledby="types">
    <h2 id="types">By type of question</h2>
    <p class="lead">
      ${results.primary === "correct" ? "Right answers" : metricTitles.f1Normalised}; darker is more.
    </p>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="types">
      <table class="heat">
        <thead>
          <tr>
            <td></td>
            ${types.map(({ type, n }) => markup`<th scope="col">${type}<small>${n} questions</small></th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ name, byType, style }) =>
              markup`<tr>
                <th scope="row" class="${style}">${name}</th>
                ${byType.map((entry) => {
                  const { value, low, high } = entry[results.primary];
                  return markup`<td class="heat-${Math.round(value * 10)}">
                    ${percent(value)}<small>${Math.round(low * 100)} to ${Math.round(high * 100)}</small>
                  </td>`;
                })}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

export function writeTests(results: Results): Markup {
  const tests = listTests(results);
  if (tests.length === 0) return markup``;
  const name =
    tests[0]!.test === "mcnemar-exact" ? "McNemar's exact test" : "Paired bootstrap, 10,000 resamples";
  const family = (title: string, against: PairwiseTest["against"]) => {
    const rows = tests.filter((test) => test.against === against);
    if (rows.length === 0) return null;
    return markup`<tbody>
      <tr class="group"><th scope="rowgroup" colspan="7">${title}</th></tr>
      ${rows.map(writeTest)}
    </tbody>`;
  };
  return markup`<section aria-labelledby="tests">
    <h2 id="tests">Could it be chance?</h2>
    <p class="lead">${name} on the same questions, with Holm's correction; intervals by paired bootstrap.</p>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="tests">
      <table class="tests">
        <thead>
          <tr>
            <th scope="col">Pair</th>
            <th scope="col">Difference</th>
            <th scope="col"><span class="hidden">Interval from −100 to 100 points</span></th>
            <th scope="col">Better on</th>
            <th scope="col">Worse on</th>
            <th scope="col">Same</th>
            <th scope="col">Chance?</th>
          </tr>
        </thead>
        ${family("Between arms", "arm")} ${family("Against floors", "floor")}
      </table>
    </div>
  </section>`;
}

function writeTest(test: PairwiseTest): Markup {
  return markup`<tr class="${test.significant ? "significant" : ""}">
    <th scope="row">${test.a} <span>against</span> ${test.b}</th>
    <td>${points(test.difference)}<small>${interval(test)}</small></td>
    <td>${drawDifference(test.difference, test.low, test.high)}</td>
    <td>${test.wins}</td>
    <td>${test.losses}</td>
    <td>${test.ties}</td>
    <td>${test.significant ? "no" : "can be"}<small>${pValue(test.pHolm)}</small></td>
  </tr>`;
}

function interval({ low, high }: PairwiseTest): string {
  const signed = (value: number) => `${value < 0 ? "−" : ""}${Math.abs(Math.round(value * 100))}`;
  return `${signed(low)} to ${signed(high)}`;
}

export function writeMethod(results: Results): Markup {
  const { run, task, floors } = results;
  const trained = results.arms.filter(
    (arm): arm is ArmResult => arm.status === "ok" && arm.training !== null,
  );
  const training = trained.map(
    (arm) =>
      `${arm.name}: ${arm.training!.steps} steps on ${arm.training!.examples} examples in ${duration(arm.training!.seconds)}`,
  );
  const lines = [
    `Every arm answered the same ${run.split.test} questions, which no arm was trained on (${run.split.train} training and ${run.split.validation} validation examples); arms that retrieve share one retriever. Held-out set ${run.split.hash.slice(0, 12)}, seed ${run.seed}.`,
    `Golds are ${task}. ${definitions[task]}`,
    "Abstaining is right on an unanswerable question and wrong on any other. A short answer is the first sentence without lead-in, citations and section references, taken from gold and answer alike.",
    "Rates, and scores that are all 0 or all 1, have Wilson intervals, other graded scores and differences percentile bootstrap intervals (10,000 resamples), all at 95%. They count the luck of the questions, not that of a training run, of which each tuned arm had one.",
    ...floors.map(({ name, description }) => `Floor ${name}. ${description}.`),
    ...(training.length > 0 ? [`Training: ${list(training)}.`] : []),
    `lorag ${run.lorag} on ${run.machine.cpu}, ${run.machine.platform}, Node ${run.machine.node}; ${run.models.base}${run.models.embedder === null ? "" : ` with ${run.models.embedder}`}.`,
  ];
  return markup`<section aria-labelledby="method" class="method">
    <h2 id="method">How this was measured</h2>
    <ul class="notes">
      ${lines.map((line) => markup`<li>${markCode(line)}</li>`)}
    </ul>
    ${
      (run.warnings ?? []).length === 0
        ? null
        : markup`<h3>Warnings of the run</h3>
            <ul class="notes">${run.warnings!.map((warning) => markup`<li>${markCode(warning)}</li>`)}</ul>`
    }
  </section>`;
}

const definitions: Record<Results["task"], string> = {
  classification: "An answer is right if its short answer is the gold label, or opens with it.",
  "short answers":
    "An answer is right if its first two sentences (at most 40 words) hold every figure and three quarters of the content words of the gold's short answer.",
  "long answers":
    "Answers are graded by token F1 between short answers, because long golds have no single right wording.",
};
