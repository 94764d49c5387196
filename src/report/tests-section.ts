import type { PairwiseTest, Results } from "../contracts/index.ts";
import { pValue } from "../text/index.ts";
import { drawDifference } from "./charts/difference.ts";
import { judgeTest, listTests, signedPoints, signedRange } from "./comparison-rows.ts";
import { fold } from "./fold.ts";
import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";

const testNames: Record<PairwiseTest["test"], string> = {
  "mcnemar-exact": "McNemar's exact test",
  "sign-flip": "The sign-flip test",
  "sign-flip-and-trainings": "The sign-flip test, and a t test that counts the luck of training,",
};

/** The tests on the primary metric, by what they ask. */
export function writeTests(results: Results): Markup {
  const groups = listTests(results);
  if (groups.length === 0) return markup``;
  const names = [...new Set(groups.flatMap(({ tests }) => tests.map(({ test }) => testNames[test])))];
  return fold(
    "tests",
    "Could it be chance?",
    markup`<p class="lead">
      ${names.join("; ")} on the same questions, with Holm's correction for the number of tests; intervals are at 95%.
    </p>
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
        ${groups.map(
          ({ title, tests }) =>
            markup`<tbody>
              <tr class="group"><th scope="rowgroup" colspan="7">${title}</th></tr>
              ${tests.map(writeTest)}
            </tbody>`,
        )}
      </table>
    </div>`,
    "closed",
  );
}

function writeTest(test: PairwiseTest): Markup {
  const [chance, would] = judgeTest(test).split("; ");
  return markup`<tr class="${test.significant ? "significant" : ""}">
    <th scope="row">${test.a} <span>against</span> ${test.b}</th>
    <td>${signedPoints(test.difference)}<small>${signedRange(test)}</small></td>
    <td>${drawDifference(test.difference, test.low, test.high)}</td>
    <td>${test.wins}</td>
    <td>${test.losses}</td>
    <td>${test.ties}</td>
    <td>${chance!}<small>${pValue(test.pHolm)}</small>${would === undefined ? null : markup`<small>${would}</small>`}</td>
  </tr>`;
}
