import type { ArmResult } from "../../contracts/index.ts";
import { counted, list, percent, points, withInterval } from "../../text/index.ts";
import { groupFailures } from "./group-failures.ts";
import { describeRight } from "./standing.ts";
import type { Evidence, Standing } from "./standing.ts";

/** Nats per token by which the loss on general text may rise before it is told. */
const forgotten = 0.05;
/** A smaller optimism than half a point is not worth a line. */
const told = 0.005;

/** What to keep in mind. */
export function writeCaveats(standing: Standing, evidence: Evidence): string[] {
  const { questions, ranked, choose, floor } = standing;
  const caveats = describeFailures(evidence);
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
  caveats.push(
    ...describeJudges(evidence),
    ...describeSelection(standing, evidence),
    ...describeUselessTraining(ranked),
    ...describeLuck(ranked),
    ...ranked.flatMap(describeForgetting),
    ...describeEstimates(ranked),
  );
  const shown = choose ?? ranked[0];
  if (shown !== undefined) caveats.push(...describeWrong(shown, evidence), ...describeWeaknesses(shown));
  return caveats;
}

/** Long answers are compared by the words that they share with the gold, of which wrong ones have some, too. */
function describeWrong(arm: ArmResult, { task }: Evidence): string[] {
  if (task.primary === "correct" || arm.metrics.correct.value >= 0.2) return [];
  return [`Of ${arm.name}, ${describeRight(arm)}: a lead in token F1 can be one of style.`];
}

function describeFailures({ arms }: Evidence): string[] {
  const failed = arms.filter(({ status }) => status === "failed").length;
  const lines = groupFailures(arms).map(({ names, error, several }) =>
    several
      ? `${names} failed and are not compared: ${error.message}`
      : `${names} failed and is not compared: ${error.message}`,
  );
  return failed < 3 ? lines : [`${failed} of ${arms.length} arms failed.`, ...lines];
}

/** The best of many on the same questions was lucky, too, more likely than not. */
function describeSelection({ ranked }: Standing, { selection }: Evidence): string[] {
  if (selection === null || selection.optimism < told) return [];
  return [
    `${ranked[0]!.name} was picked as the best of ${selection.arms} arms by these very questions, which flatters it: on new ones expect about ${points(selection.optimism)} less. The tests against it allow for the picking.`,
  ];
}

function describeLuck(ranked: readonly ArmResult[]): string[] {
  const once = ranked.filter(({ trainings }) => trainings.length === 1).map(({ name }) => name);
  return once.length === 0
    ? []
    : [
        `${list(once)} ${once.length === 1 ? "was" : "were"} trained once: how much another training would differ is not in the figures (\`training_seeds\` counts it).`,
      ];
}

function describeUselessTraining(ranked: readonly ArmResult[]): string[] {
  const useless = ranked.filter(({ training }) => training?.bestStep === 0).map(({ name }) => name);
  if (useless.length === 0) return [];
  return [
    `Training did not help ${list(useless)}: no step had a lower validation loss than the model had before, so what is compared is the model as it was.`,
  ];
}

function describeForgetting({ name, training }: ArmResult): string[] {
  const retention = training?.retention;
  if (!retention || retention.after - retention.before < forgotten) return [];
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

/** A judge that is wrong about golds is so about answers. */
const reliable = 0.9;

function describeJudges({ judges }: Evidence): string[] {
  return judges.flatMap(({ model, answers, failed, agreement }) => [
    ...(agreement !== null && agreement.value < reliable
      ? [
          `The judge ${model} was right about ${Math.round(agreement.value * agreement.n)} of ${counted(agreement.n, "gold")} whose grade is known: what it says of answers cannot be relied on.`,
        ]
      : []),
    ...(failed > 0
      ? [
          `Of ${counted(answers, "answer")}, the judge ${model} called ${failed} neither right nor wrong; those count as wrong.`,
        ]
      : []),
  ]);
}

function describeEstimates(ranked: readonly ArmResult[]): string[] {
  const estimated = ranked.filter(({ tokens }) => tokens.estimated).map(({ name }) => name);
  if (estimated.length === 0) return [];
  return [
    `The tokens of ${list(estimated)}, and what they cost, are estimates: the server did not say how many it counted.`,
  ];
}
