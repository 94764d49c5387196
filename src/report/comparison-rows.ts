import type { ArmResult, Floor, PairwiseTest, Results } from "../contracts/index.ts";
import { duration, milliseconds, money, percent, withInterval } from "../text/index.ts";
import { metricTitles } from "./metric-titles.ts";

/** One line of the comparison, the same in the terminal, report.md and report.html. */
export interface ComparisonRow {
  group: string;
  label: string;
  /** What it means, for a reader who does not know the term. */
  hint: string;
  cell: (arm: ArmResult) => string;
  /** Floors are scored, and nothing else. */
  floorCell: (floor: Floor) => string;
  /** For marking the best arm; null where there is nothing to compare. */
  value: (arm: ArmResult) => number | null;
  better: "higher" | "lower";
}

const none = "–";
const floorCell = (): string => none;

function costHint(arms: Results["arms"]): string {
  const costs = arms.flatMap((arm) => (arm.status === "ok" ? [arm.cost] : []));
  if (costs.some(({ basis }) => basis === "tokens")) return "By tokens";
  return `Machine time of ${Math.min(...costs.map(({ n }) => n))} answers asked side by side`;
}

/** Rows that say something: those that no arm has a figure for are left out. */
export function listComparisonRows(results: Results): ComparisonRow[] {
  const arms = results.arms.filter((arm) => arm.status === "ok");
  return allRows(results).filter((row) => arms.some((arm) => row.value(arm) !== null));
}

function allRows({ prices, task, arms }: Results): ComparisonRow[] {
  const metric = (name: keyof ArmResult["metrics"], hint: string): ComparisonRow => ({
    group: "Quality",
    label: name === "correct" && task === "classification" ? "Accuracy" : metricTitles[name],
    hint,
    cell: (arm) => withInterval(arm.metrics[name]),
    floorCell: (floor) => withInterval(floor.metrics[name]),
    value: (arm) => arm.metrics[name].value,
    better: "higher",
  });
  const rate = (
    group: string,
    label: string,
    hint: string,
    find: (arm: ArmResult) => { value: number; low: number; high: number; n: number } | null,
    better: ComparisonRow["better"] = "higher",
  ): ComparisonRow => ({
    group,
    label,
    hint,
    cell: (arm) => {
      const estimate = find(arm);
      return estimate === null ? none : withInterval(estimate);
    },
    floorCell,
    value: (arm) => find(arm)?.value ?? null,
    better,
  });
  const lower = (
    group: string,
    label: string,
    hint: string,
    value: (arm: ArmResult) => number | null,
    show: (value: number) => string,
  ): ComparisonRow => ({
    group,
    label,
    hint,
    cell: (arm) => {
      const found = value(arm);
      return found === null ? none : show(found);
    },
    floorCell,
    value,
    better: "lower",
  });
  const price = (amount: number) => money(amount, prices.currency);
  const tokens = (amount: number) => String(Math.round(amount));
  return [
    metric(
      "correct",
      task === "classification"
        ? "The answer is the gold label, or opens with it"
        : "The short answer says what the gold answer says, however it is put",
    ),
    ...(task === "classification"
      ? [
          {
            ...metric("correct", "Mean F1 over the labels"),
            label: "Macro-F1",
            cell: (arm: ArmResult) => percent(arm.classification!.macroF1),
            floorCell,
            value: (arm: ArmResult) => arm.classification!.macroF1,
          },
          {
            ...metric("correct", "Answers that are none of the labels"),
            label: "No label",
            cell: (arm: ArmResult) => String(arm.classification!.offLabel),
            floorCell,
            value: (arm: ArmResult) => arm.classification!.offLabel,
            better: "lower" as const,
          },
        ]
      : []),
    metric("f1Normalised", "Words shared with the gold answer, style taken away"),
    metric("f1", "Words shared with the gold answer, text as it is: rewards the house style"),
    metric("exactMatchNormalised", "The short answer is the gold's, word for word"),
    metric("exactMatch", "The text is the gold's, word for word"),
    metric("rougeLNormalised", "Longest common subsequence with the gold answer, style taken away"),
    metric("rougeL", "Longest common subsequence with the gold answer, text as it is"),
    rate("Honesty", "Unanswerable, and says so", "Abstention recall", (arm) => arm.abstention.recall),
    rate("Honesty", "Abstentions that are right", "Abstention precision", (arm) => arm.abstention.precision),
    rate(
      "Honesty",
      "Answerable, yet refused",
      "False refusals",
      (arm) => arm.abstention.falseRefusals,
      "lower",
    ),
    rate(
      "Honesty",
      "Citations that hold",
      "The passage has the answer's words and figures, and is of a gold document",
      (arm) => arm.citations.correct,
    ),
    rate("Honesty", "Gold documents shown", "Recall of retrieval", (arm) => arm.retrieval?.recall ?? null),
    lower("Speed", "Latency, median", "Retrieval included", (arm) => arm.latency.p50Ms, milliseconds),
    lower(
      "Speed",
      "Latency, 95th percentile",
      "Retrieval included",
      (arm) => arm.latency.p95Ms,
      milliseconds,
    ),
    lower("Cost", "Prompt tokens", "Mean per answer", (arm) => arm.tokens.prompt, tokens),
    lower("Cost", "Answer tokens", "Mean per answer", (arm) => arm.tokens.completion, tokens),
    lower("Cost", "1,000 answers", costHint(arms), (arm) => arm.cost.per1000Answers, price),
    lower("Cost", "Training", "Once", (arm) => (arm.training === null ? null : arm.cost.training), price),
    lower("Cost", "Training time", "Once", (arm) => arm.training?.seconds ?? null, duration),
    lower(
      "Cost",
      "Forgetting",
      "Rise of the loss on general text, nats per token",
      (arm) =>
        arm.training?.retention ? arm.training.retention.after - arm.training.retention.before : null,
      (rise) => `${rise < 0 ? "−" : "+"}${Math.abs(rise).toFixed(3)}`,
    ),
  ];
}

/** The names of the arms with the best figure; empty where all are equal. */
export function findBest(row: ComparisonRow, arms: readonly ArmResult[]): Set<string> {
  const values = arms.flatMap((arm) => row.value(arm) ?? []);
  const best = row.better === "higher" ? Math.max(...values) : Math.min(...values);
  if (values.length < 2 || values.every((value) => value === best)) return new Set();
  return new Set(arms.filter((arm) => row.value(arm) === best).map((arm) => arm.name));
}

/** The tests on the primary metric, the better contender first, the largest difference first; arm pairs, then floors. */
export function listTests({ tests, primary }: Results): PairwiseTest[] {
  const facing = tests
    .filter((test) => test.metric === primary)
    .map((test) => (test.difference < 0 ? swapSides(test) : test))
    .sort((a, b) => b.difference - a.difference);
  return [
    ...facing.filter((test) => test.against === "arm"),
    ...facing.filter((test) => test.against === "floor"),
  ];
}

function swapSides(test: PairwiseTest): PairwiseTest {
  const { a, b, difference, low, high, wins, losses } = test;
  return { ...test, a: b, b: a, difference: -difference, low: -high, high: -low, wins: losses, losses: wins };
}
