import type { SearchReport, SearchTrial } from "../contracts/index.ts";
import { counted, money } from "../text/index.ts";
import { drawParallel } from "./charts/parallel.ts";
import { markup, trust, type Markup } from "./markup.ts";
import { styleSheet } from "./style.ts";

/** Furthest first, then by loss. */
function ranked({ trials }: SearchReport): SearchTrial[] {
  const reached = ({ losses }: SearchTrial): number => losses.filter((loss) => loss !== null).length;
  return trials.toSorted(
    (a, b) =>
      reached(b) - reached(a) || (a.losses.at(-1) ?? Infinity) - (b.losses.at(-1) ?? Infinity) || a.id - b.id,
  );
}

function tableOf(report: SearchReport): { head: string[]; rows: string[][] } {
  const keys = Object.keys(report.trials[0]?.settings ?? {});
  const rungs = report.rungs.map((share) => `loss at ${Math.round(100 * share)}%`);
  return {
    head: ["trial", ...keys, ...rungs, "steps"],
    rows: ranked(report).map((trial) => [
      `${trial.id}${trial.id === report.best ? " *" : ""}`,
      ...keys.map((key) => String(trial.settings[key])),
      ...report.rungs.map((_, rung) => {
        const loss = trial.losses[rung];
        return loss === undefined ? "" : (loss?.toFixed(3) ?? "failed");
      }),
      String(trial.steps),
    ]),
  };
}

function summary({ trials, steps, seconds, cost, currency, ended }: SearchReport): string {
  const why = ended === "budget" ? ", where the budget ends" : "";
  return `${counted(trials.length, "trial")}, ${counted(steps, "step")}, ${Math.round(seconds)} s, ${money(cost, currency)}${why}`;
}

/** The trials as a table for a terminal, the best marked. */
export function renderSearchText(report: SearchReport): string {
  const { head, rows } = tableOf(report);
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: string[]): string =>
    cells
      .map((cell, column) => cell.padStart(widths[column]!))
      .join("  ")
      .trimEnd();
  return `${[head, ...rows].map(line).join("\n")}\n${summary(report)}\n`;
}

/** The same as a page, with the trials in parallel coordinates. */
export function renderSearchHtml(report: SearchReport): string {
  const { head, rows } = tableOf(report);
  const row = (cells: string[]): Markup => markup`<tr>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`;
  const title = `Search over the settings of ${report.arm}`;
  const failed = report.trials.filter(({ failure }) => failure !== undefined);
  const page = markup`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${trust(styleSheet)}</style></head><body><header class="page-head"><h1>${title}</h1><p>${summary(report)}</p></header><main>
<section>${report.trials.length > 0 ? drawParallel(report) : null}</section>
<section><h2>Trials</h2><div class="scroll"><table><thead><tr>${head.map((cell) => markup`<th>${cell}</th>`)}</tr></thead><tbody>${rows.map(row)}</tbody></table></div>
<p>Losses are of the validation examples, in nats per completion token; * marks the best. Of each rung a third goes on.</p></section>
${failed.length > 0 ? markup`<section><h2>Failed</h2><ul>${failed.map(({ id, failure }) => markup`<li>trial ${id}: ${failure!}</li>`)}</ul></section>` : null}
</main></body></html>`;
  return `${page.markup}\n`;
}
