import type { ArmResult, Estimate, Floor, PairwiseTest, Results } from "../contracts/index.ts";
import { duration, milliseconds, money, percent, points, withInterval } from "../text/index.ts";
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

function estimatedTokens({ tokens }: ArmResult, mean: number): string {
  return `${tokens.estimated ? "≈ " : ""}${Math.round(mean)}`;
}

function rangeOfTrainings(trainings: ArmResult["trainings"], primary: Results["primary"]): string {
  const scores = trainings.map((training) => training[primary]);
  return `${percent(Math.min(...scores))} to ${percent(Math.max(...scores))}`;
}

function amountRange({ low, high }: ArmResult["cost"]): string {
  const amount = (value: number) => money(value, "").trim();
  return low === null || high === null ? "no interval" : `${amount(low)} to ${amount(high)}`;
}

function costHint(arms: Results["arms"]): string {
  const costs = arms.flatMap((arm) => (arm.status === "ok" ? [arm.cost] : []));
  if (costs.every(({ basis }) => basis === "tokens")) return "By tokens";
  if (costs.some(({ basis }) => basis === "tokens"))
    return "By tokens where a model has such prices, else by machine time";
  return `Machine time of ${Math.min(...costs.map(({ n }) => n))} answers asked side by side`;
}

/** Rows that say something: those that no arm has a figure for are left out. */
export function listComparisonRows(results: Results): ComparisonRow[] {
  const arms = results.arms.filter((arm) => arm.status === "ok");
  return allRows(results).filter((row) => arms.some((arm) => row.value(arm) !== null));
}

function allRows({ prices, primary, task, arms }: Results): ComparisonRow[] {
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
    find: (arm: ArmResult) => Estimate | null,
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
    {
      ...metric(primary, "Lowest and highest of the trainings with other seeds"),
      label: "Single trainings",
      cell: ({ trainings }) =>
        trainings.length < 2 ? none : `${rangeOfTrainings(trainings, primary)} of ${trainings.length}`,
      floorCell,
      value: ({ trainings }) =>
        trainings.length < 2 ? null : Math.min(...trainings.map((training) => training[primary])),
    },
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
    {
      group: "Quality",
      label: "Translation",
      hint: "chrF2++ and BLEU over all translations, 0 to 100",
      cell: ({ translation }) =>
        translation === null ? none : `${translation.chrf.toFixed(1)} and ${translation.bleu.toFixed(1)}`,
      floorCell,
      value: ({ translation }) => translation?.chrf ?? null,
      better: "higher",
    },
    rate(
      "Honesty",
      "Glossary terms honoured",
      "Required forms written, forbidden ones not",
      (arm) => arm.terms?.honoured ?? null,
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
    {
      ...lower("Cost", "Prompt tokens", "Mean per answer", (arm) => arm.tokens.prompt, tokens),
      cell: (arm) => estimatedTokens(arm, arm.tokens.prompt),
    },
    {
      ...lower("Cost", "Answer tokens", "Mean per answer", (arm) => arm.tokens.completion, tokens),
      cell: (arm) => estimatedTokens(arm, arm.tokens.completion),
    },
    ...(arms.some((arm) => arm.status === "ok" && arm.tokens.thinking > 0)
      ? [
          lower(
            "Cost",
            "Thinking tokens",
            "Of the answer tokens, spent on reasoning",
            (arm) => arm.tokens.thinking,
            tokens,
          ),
        ]
      : []),
    {
      ...lower("Cost", "1,000 answers", costHint(arms), (arm) => arm.cost.per1000Answers, price),
      cell: ({ cost }) => `${price(cost.per1000Answers)} (${amountRange(cost)})`,
    },
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

/** The tests on the primary metric by why they were made, the largest difference first. */
export function listTests({ tests, primary }: Results): { title: string; tests: PairwiseTest[] }[] {
  const onPrimary = tests
    .filter((test) => test.metric === primary)
    .sort((a, b) => b.difference - a.difference);
  const of = (against: PairwiseTest["against"]) => onPrimary.filter((test) => test.against === against);
  const groups = [
    { title: "What each arm adds to its baseline", tests: of("baseline") },
    { title: "The best arm against the others", tests: of("best") },
    { title: "Against the best floor", tests: of("floor") },
  ];
  return groups.filter((group) => group.tests.length > 0);
}

/** `no`: not by chance; what a reader should make of a test. */
export function judgeTest({ significant, equal, needed }: PairwiseTest): string {
  if (significant) return "no";
  if (equal) return "equal to 5 points";
  return needed === null ? "can be" : `can be; about ${needed.toLocaleString("en-GB")} questions would tell`;
}

/** `+12 points` or `−3 points`. */
export function signedPoints(difference: number): string {
  return `${difference > 0 ? "+" : difference < 0 ? "−" : ""}${points(difference)}`;
}

/** `−4 to 15`, in points. */
export function signedRange({ low, high }: Pick<PairwiseTest, "low" | "high">): string {
  const signed = (value: number) => `${value < 0 ? "−" : ""}${Math.abs(Math.round(value * 100))}`;
  return low === null || high === null ? "no interval" : `${signed(low)} to ${signed(high)}`;
}
