import type { ArmResult, Results } from "../contracts/index.ts";
import { percent, rangeOf } from "../text/index.ts";
import { listFinished } from "./charts/finished.ts";
import { findBest, listComparisonRows } from "./comparison-rows.ts";
import { markCode } from "./mark-code.ts";
import { fold } from "./fold.ts";
import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { metricTitles } from "./metric-titles.ts";

export function writeComparison(results: Results): Markup {
  const arms = listFinished(results);
  const rows = listComparisonRows(results);
  const failed = results.arms.filter((arm) => arm.status === "failed");
  const groups = [...new Set(rows.map((row) => row.group))];
  const { floors } = results;
  const severalModels = new Set(arms.map(({ arm }) => arm.model)).size > 1;
  const ofModel = ({ model }: ArmResult) => (severalModels ? markup`<small>${model}</small>` : null);
  return fold(
    "comparison",
    "Every figure",
    markup`<p class="lead">
      With 95% intervals; ★ is the best arm.
      ${floors.length > 0 ? "The grey columns are floors, which use no language model." : null}
    </p>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="comparison">
      <table class="figures">
        <thead>
          <tr>
            <td></td>
            ${arms.map(({ arm, hue }) => markup`<th scope="col" class="arm-${hue}">${arm.name}${ofModel(arm)}</th>`)}
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
    )}`,
    "open",
  );
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
  return fold(
    "types",
    "By type of question",
    markup`<p class="lead">
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
                    ${percent(value)}<small>${rangeOf(low, high)}</small>
                  </td>`;
                })}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`,
    "open",
  );
}
