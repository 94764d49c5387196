import type { ArmResult, ArmSummary, PairwiseTest, Verdict } from "../contracts/index.ts";
import { costHorizon } from "./standing.ts";
import type { Evidence, Standing } from "./standing.ts";
import { counted, list, money, percent, points, pValue, withInterval } from "../text/index.ts";

// The standing in plain words. Nothing is decided here.

const certain = 0.05;

/** The headline, why, what to do next, and what to keep in mind. */
export function explain(
  standing: Standing,
  evidence: Evidence,
): Pick<Verdict, "headline" | "reasons" | "next" | "caveats"> {
  return {
    headline: writeHeadline(standing, evidence),
    reasons: writeReasons(standing, evidence),
    next: writeNext(standing, evidence),
    caveats: writeCaveats(standing, evidence),
  };
}

function writeHeadline(standing: Standing, evidence: Evidence): string {
  const { outcome, ranked, tied, choose, floor } = standing;
  const best = ranked[0];
  if (best === undefined) return "Every arm failed: there is nothing to compare.";
  if (outcome === "none" && floor !== null && scoreOf(best, evidence) > 0) {
    return `The best arm is ${best.name}, but none beats the floor: ${compareFloor(best, floor, evidence)}.`;
  }
  if (outcome === "none") return "No arm gets a question right.";
  if (outcome === "winner") {
    const runnerUp = standing.duels[0]!;
    const lead = `${points(runnerUp.difference)} ahead of ${runnerUp.b}`;
    return `${capitalise(approach(best))}: ${best.name} wins, ${lead}.`;
  }
  if (tied.length === 1 && ranked.length > 1 && floor !== null) {
    const lead = `${points(standing.duels[0]!.difference)} ahead of ${standing.duels[0]!.b}`;
    return `The best arm, ${best.name}, is ${lead}, but not shown to beat the floor ${floor.floor.name}, which needs no language model.`;
  }
  if (ranked.length === 1) return `Only ${best.name} finished: there is nothing to compare it with.`;
  const why = choose!.name === best.name ? "which is ahead so far" : "which is cheaper and about as good";
  return `No clear winner between ${list(tied.map((arm) => arm.name))}. Start with ${choose!.name} (${approach(choose!)}), ${why}.`;
}

/** For a floor that the best arm is not above. */
function compareFloor(
  best: ArmResult,
  { floor, test }: NonNullable<Standing["floor"]>,
  { task }: Evidence,
): string {
  const without = "without a language model";
  if (test.significant) return `${floor.name} does better ${without}`;
  const ahead = floor.metrics[task.primary].value > best.metrics[task.primary].value;
  return ahead
    ? `${floor.name} scores higher ${without}, though that can be chance`
    : `${floor.name} does as well ${without}`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function approach(arm: ArmResult): string {
  if (arm.training !== null) return arm.retrieval === null ? "fine-tune" : "fine-tune and retrieve";
  return arm.retrieval === null ? "neither fine-tune nor retrieve" : "retrieve, do not fine-tune";
}

function writeReasons(standing: Standing, evidence: Evidence): string[] {
  const { ranked, duels, floor } = standing;
  const best = ranked[0];
  if (best === undefined) return [];
  return [
    describeScore(best, evidence),
    ...duels.slice(0, 3).map(describeDuel),
    ...(floor === null ? [] : [describeFloor(floor, evidence)]),
    ...describeStyle(best, ranked, evidence),
    ...describeCost(standing, evidence),
  ];
}

function scoreOf(arm: ArmResult, { task }: Evidence): number {
  return arm.metrics[task.primary].value;
}

function describeScore(arm: ArmResult, { task }: Evidence): string {
  const { value, low, high, n } = arm.metrics[task.primary];
  const interval = `95% interval ${Math.round(low * 100)} to ${percent(high)}`;
  return task.primary === "correct"
    ? `${arm.name} answers ${Math.round(value * n)} of ${counted(n, "question")} right (${percent(value)}, ${interval}).`
    : `${arm.name} reaches a token F1 of ${percent(value)} on ${counted(n, "question")} (${interval}); ${describeRight(arm)}.`;
}

function describeRight({ metrics: { correct } }: ArmResult): string {
  return `${Math.round(correct.value * correct.n)} of ${correct.n} answers say what the gold says`;
}

function describeDuel({ b, difference, wins, losses, pHolm, significant }: PairwiseTest): string {
  const score = `better on ${counted(wins, "question")}, worse on ${losses}`;
  return significant
    ? `${points(difference)} ahead of ${b}: ${score} (${pValue(pHolm)}).`
    : `Not shown to differ from ${b}: ${score}, which can be chance (${pValue(pHolm)}).`;
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
  if (raw - normalised < certain) return [];
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
  return [`1,000 answers from ${choose.name} cost ${price(choose)}, ${against}${training}.${over}`];
}

function writeNext(standing: Standing, evidence: Evidence): string[] {
  const { outcome, ranked, choose, questions, duels, floor } = standing;
  const settled = outcome === "none" && floor?.test.significant === true;
  const failed = evidence.arms.filter((arm) => arm.status === "failed");
  const recall = Math.max(...ranked.map((arm) => arm.retrieval?.recall?.value ?? -1));
  const tie = duels.find((duel) => !duel.significant);
  const next: string[] = [];
  for (const arm of failed) next.push(`Repair ${arm.name}: ${arm.error.next}`);
  if (choose !== null)
    next.push(
      floor === null || floor.test.significant
        ? `Use ${choose.name}, and read the questions that it got wrong in the report before you rely on it.`
        : `Read the answers of ${choose.name} in the report, and do not rely on it until it is shown to beat ${floor.floor.name}.`,
    );
  if (outcome === "no clear winner" && tie !== undefined) next.push(questionsNeeded(tie));
  else if (questions > 0 && questions < 100 && !settled)
    next.push("Add held-out questions, to 100 at least, for a firmer verdict.");
  if (recall >= 0 && recall < 0.8)
    next.push(
      `Look at retrieval: the passages shown hold only ${percent(recall)} of the documents that bear the answers. Try more passages (\`top_k\`) or smaller ones.`,
    );
  next.push(...adviseLonger(ranked));
  if (outcome === "none" && ranked.length > 0) {
    const examples = ranked.some(({ training }) => training !== null)
      ? "more training examples"
      : "training examples and a tuned arm";
    next.push(`Try a larger base model or ${examples}; keep the simple method until an arm beats it.`);
  }
  return next;
}

/** Adapters whose validation loss fell to the end, over the last tenth of the steps, have not shown yet what they can do. */
function adviseLonger(ranked: readonly ArmResult[]): string[] {
  const unfinished = ranked.filter(({ training }) => {
    const measured = (training?.losses ?? []).filter(({ validation }) => validation !== null);
    const last = measured.at(-1);
    const before = measured.findLast(({ step }) => last && step <= 0.9 * last.step);
    if (!last || !before) return false;
    const lowest = Math.min(...measured.map(({ validation }) => validation!));
    return last.validation! < before.validation! * 0.98 && last.validation === lowest;
  });
  if (unfinished.length === 0) return [];
  const names = list(unfinished.map(({ name }) => name));
  return [
    `Train longer (\`num_epochs\`, \`max_steps\`): the validation loss of ${names} was still falling when the training ended.`,
  ];
}

/** Questions at which a difference like the one seen would be found 4 times in 5 (two-sided 5%, McNemar's approximation). */
function questionsNeeded({ a, b, n, wins, losses, difference }: PairwiseTest): string {
  const discordant = (wins + losses) / n;
  const needed = difference === 0 ? Infinity : (discordant * (1.96 + 0.84) ** 2) / difference ** 2;
  if (needed > 5000)
    return `Treat ${a} and ${b} as equally good: no reasonable number of questions would tell them apart.`;
  const rounded = Math.max(Math.ceil(needed / 10) * 10, n + 10, 100);
  return `To tell ${a} from ${b}, hold out about ${rounded.toLocaleString("en-GB")} questions.`;
}

function writeCaveats(standing: Standing, evidence: Evidence): string[] {
  const { questions, ranked, choose, floor } = standing;
  const caveats = evidence.arms.filter((arm) => arm.status === "failed").map(describeFailure);
  if (questions > 0 && questions < 20)
    caveats.push(
      `Only ${counted(questions, "held-out question")}: intervals are very wide and the verdict is a hint.`,
    );
  else if (questions > 0 && questions < 100)
    caveats.push(`With ${counted(questions, "held-out question")}, small differences cannot be seen.`);
  if (choose !== null && floor !== null && !floor.test.significant)
    caveats.push(
      `${ranked[0]!.name} is not shown to be better than the floor ${floor.floor.name}; the lead can be chance.`,
    );
  for (const arm of ranked) caveats.push(...describeForgetting(arm));
  const shown = choose ?? ranked[0];
  if (shown !== undefined) caveats.push(...describeWrong(shown, evidence), ...describeWeaknesses(shown));
  return caveats;
}

/** Long answers are compared by the words that they share with the gold, of which wrong ones have some, too. */
function describeWrong(arm: ArmResult, { task }: Evidence): string[] {
  if (task.primary === "correct" || arm.metrics.correct.value >= 0.2) return [];
  return [`Of ${arm.name}, ${describeRight(arm)}: a lead in token F1 can be one of style.`];
}

function describeFailure(arm: Extract<ArmSummary, { status: "failed" }>): string {
  return `${arm.name} failed and is not compared: ${arm.error.message}`;
}

function describeForgetting({ name, training }: ArmResult): string[] {
  const retention = training?.retention;
  if (!retention || retention.after - retention.before < certain) return [];
  const perplexity = Math.exp(retention.after - retention.before) - 1;
  return [
    `${name} has forgotten some general language: its loss on general text rose from ${retention.before.toFixed(2)} to ${retention.after.toFixed(2)} (perplexity +${percent(perplexity)}).`,
  ];
}

function describeWeaknesses({ name, abstention, citations }: ArmResult): string[] {
  const { recall, falseRefusals, abstained, withdrawn } = abstention;
  const weaknesses: string[] = [];
  if (recall !== null && recall.value < 0.8)
    weaknesses.push(
      `${name} makes up an answer to ${recall.n - Math.round(recall.value * recall.n)} of ${counted(recall.n, "unanswerable question")}.`,
    );
  if (falseRefusals !== null && falseRefusals.value > 0.1)
    weaknesses.push(`${name} refuses ${withInterval(falseRefusals)} of the questions that it could answer.`);
  if (withdrawn > 0 && falseRefusals !== null && falseRefusals.value > 0.1)
    weaknesses.push(
      `${withdrawn} of its ${abstained} refusals replace an answer that no passage shown bears out; the report has them.`,
    );
  if (citations.correct !== null && citations.correct.value < 0.8)
    weaknesses.push(
      `Of the citations of ${name}, ${withInterval(citations.correct)} hold: check them before showing them.`,
    );
  return weaknesses;
}
