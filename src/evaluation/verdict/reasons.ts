import type { ArmResult, PairwiseTest } from "../../contracts/index.ts";
import { counted, list, money, percent, points, pValue, rangeOf } from "../../text/index.ts";
import { costHorizon } from "../rank.ts";
import { describeRight, scoreOf } from "./standing.ts";
import type { Evidence, Standing } from "./standing.ts";

/** A lead that is told of as one of style is larger than this. */
const styleLead = 0.05;

/** So many of the other arms have a line each. */
const mostDuels = 3;

/** Why: the score, the arms that it is compared with, the floor, style, cost. */
export function writeReasons(standing: Standing, evidence: Evidence): string[] {
  const { ranked, duels, floor } = standing;
  const best = ranked[0];
  if (best === undefined) return [];
  return [
    describeScore(best, evidence),
    ...duels.slice(0, mostDuels).map(describeDuel),
    ...describeOthers(duels.slice(mostDuels)),
    ...describeBaseline(best, duels, evidence),
    ...(floor === null ? [] : [describeFloor(floor, evidence)]),
    ...describeStyle(best, ranked, evidence),
    ...describeCost(standing, evidence),
  ];
}

function describeScore(arm: ArmResult, { task }: Evidence): string {
  const { value, low, high, n } = arm.metrics[task.primary];
  const interval = low === null ? "one question has no interval" : `95% interval ${rangeOf(low, high)}`;
  if (task.primary === "correct" && arm.trainings.length > 1)
    return `${arm.name} answers ${percent(value)} of ${counted(n, "question")} right, as the mean of ${arm.trainings.length} trainings (${interval}, their luck included).`;
  return task.primary === "correct"
    ? `${arm.name} answers ${Math.round(value * n)} of ${counted(n, "question")} right (${percent(value)}, ${interval}).`
    : `${arm.name} reaches a token F1 of ${percent(value)} on ${counted(n, "question")} (${interval}); ${describeRight(arm)}.`;
}

function describeDuel({ b, difference, low, high, wins, losses, pHolm, ...duel }: PairwiseTest): string {
  const score = `better on ${counted(wins, "question")}, worse on ${losses}`;
  if (duel.significant) return `${points(difference)} ahead of ${b}: ${score} (${pValue(pHolm)}).`;
  if (duel.equal) return `As good as ${b} to within 5 points: ${score} (95% interval ${rangeOf(low, high)}).`;
  return `Cannot be told from ${b}: ${score}, which can be chance (${pValue(pHolm)}).`;
}

/** The rest of a dozen arms in one line. */
function describeOthers(duels: readonly PairwiseTest[]): string[] {
  const behind = duels.filter(({ significant }) => significant);
  const open = duels.filter(({ significant }) => !significant);
  const least = Math.min(...behind.map(({ difference }) => difference));
  return [
    ...(behind.length > 0 ? [`At least ${points(least)} ahead of ${list(behind.map(({ b }) => b))}.`] : []),
    ...(open.length > 0 ? [`Cannot be told from ${list(open.map(({ b }) => b))}, either.`] : []),
  ];
}

/** What was added to the model, against the model without it. */
function describeBaseline(best: ArmResult, duels: readonly PairwiseTest[], evidence: Evidence): string[] {
  if (duels.slice(0, mostDuels).some(({ b }) => b === best.baseline)) return [];
  const test = evidence.tests.find(
    ({ against, metric, a }) => against === "baseline" && metric === evidence.task.primary && a === best.name,
  );
  return test === undefined ? [] : [`Its baseline: ${describeDuel(test)}`];
}

function describeFloor(standing: NonNullable<Standing["floor"]>, { task }: Evidence): string {
  // A whole sentence has more words to be right with than an arm's short answer.
  const sentences = task.primary === "correct" && standing.floor.name === "bm25-passage";
  return `${placeFloor(standing, task)}${sentences ? " Its answers are whole sentences of passages." : ""}`;
}

function placeFloor({ floor, test }: NonNullable<Standing["floor"]>, task: Evidence["task"]): string {
  const value = percent(floor.metrics[task.primary].value);
  const best = `the best floor, ${floor.name}`;
  if (test.significant) {
    return `Clearly ${test.difference > 0 ? "above" : "below"} ${best} (${value}, ${pValue(test.pHolm)}).`;
  }
  if (test.difference >= 0) return `Not shown to be above ${best} (${value}, ${pValue(test.pHolm)}).`;
  return `Below ${best} (${value}), by ${points(-test.difference)}, which can be chance (${pValue(test.pHolm)}).`;
}

/** Part of what fine-tuning wins is answer style: say how much of a lead in raw F1 is left between short answers. */
function describeStyle(best: ArmResult, ranked: readonly ArmResult[], evidence: Evidence): string[] {
  const untrained = ranked.find((arm) => arm.training === null);
  if (best.training === null || untrained === undefined) return [];
  // Arms with equal scores are ranked by cost: the first may have no lead to explain.
  if (scoreOf(best, evidence) <= scoreOf(untrained, evidence)) return [];
  const raw = best.metrics.f1.value - untrained.metrics.f1.value;
  const normalised = best.metrics.f1Normalised.value - untrained.metrics.f1Normalised.value;
  if (raw - normalised < styleLead) return [];
  return [
    `Part of its lead is answer style: token F1 is ${points(raw)} above ${untrained.name} on the whole text, ${points(Math.max(0, normalised))} between short answers.`,
  ];
}

function describeCost({ choose, ranked }: Standing, { prices }: Evidence): string[] {
  if (choose === null) return [];
  const price = (arm: ArmResult) => money(arm.cost.per1000Answers, prices.currency);
  const training =
    choose.training === null ? "" : `, and its training cost ${money(choose.cost.training, prices.currency)}`;
  const cheapest = ranked.reduce((a, b) => (b.cost.per1000Answers < a.cost.per1000Answers ? b : a));
  const against =
    cheapest === choose ? "the least of all arms" : `against ${price(cheapest)} for ${cheapest.name}`;
  const over =
    choose === ranked[0]
      ? ""
      : ` It is the cheapest of the tied arms over ${costHorizon.toLocaleString("en-GB")} answers, training included.`;
  const { low, high, n } = choose.cost;
  const interval =
    low === null || high === null
      ? ""
      : money(low, "") === money(high, "")
        ? ""
        : ` (95% interval ${money(low, "").trim()} to ${money(high, "").trim()}, from ${counted(n, "answer")})`;
  return [
    `1,000 answers from ${choose.name} cost ${price(choose)}${interval}, ${against}${training}.${over}`,
  ];
}
