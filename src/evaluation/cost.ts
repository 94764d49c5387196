import type { AnswerRecord, ArmResult, BreakEven, Prices } from "../contracts/index.ts";
import { counted, percent } from "../text/index.ts";
import type { FinishedArm } from "./input.ts";
import { mean } from "./statistics/quantile.ts";
import { studentQuantile } from "./statistics/student.ts";
import { sumOfSquares } from "./statistics/trainings.ts";

/** Machine time at the hourly price, in the currency of the prices. */
function priceTime(seconds: number, prices: Prices): number {
  return (seconds / 3600) * prices.cpu_hour;
}

/** What serving and training one arm costs: by token where it has token prices, or all have, else by the hour. */
export function priceArm(
  arm: Pick<FinishedArm, "machineTime" | "tokenPrices" | "training">,
  answers: readonly Pick<AnswerRecord, "usage" | "latencyMs">[],
  prices: Prices,
): ArmResult["cost"] {
  const { input_mtok: input, output_mtok: output } = arm.tokenPrices ?? prices;
  const byToken = input !== undefined && output !== undefined;
  const latencies = answers.map(({ latencyMs }) => latencyMs / 1000);
  const time = arm.machineTime ?? { secondsPerAnswer: mean(latencies), n: answers.length, passed: latencies };
  const measured = byToken
    ? meanWithInterval(
        answers.map(({ usage }) => (usage.promptTokens * input + usage.completionTokens * output) / 1e6),
      )
    : priceMachineTime(time, prices);
  const per1000 = (amount: number | null) => (amount === null ? null : amount * 1000);
  return {
    per1000Answers: measured.value * 1000,
    low: per1000(measured.low),
    high: per1000(measured.high),
    basis: byToken ? "tokens" : "time",
    n: byToken ? answers.length : time.n,
    secondsPerAnswer: time.secondsPerAnswer,
    training: arm.training === undefined ? 0 : priceTime(arm.training.seconds, prices),
  };
}

/** Answers of a batch end together: only longer stretches of a run are like one another. */
const stretches = 8;

function priceMachineTime(
  { secondsPerAnswer, passed = [] }: NonNullable<FinishedArm["machineTime"]>,
  prices: Prices,
): Interval {
  const value = priceTime(secondsPerAnswer, prices);
  if (passed.length < 2 * stretches) return { value, low: null, high: null };
  const edges = Array.from({ length: stretches + 1 }, (_, index) =>
    Math.round((index * passed.length) / stretches),
  );
  const means = edges.slice(1).map((end, index) => mean(passed.slice(edges[index], end)));
  const { low, high } = meanWithInterval(means.map((seconds) => priceTime(seconds, prices)));
  return { value, low, high };
}

interface Interval {
  value: number;
  low: number | null;
  high: number | null;
}

/** Amounts have no highest value: Student's interval, cut off at 0. */
function meanWithInterval(amounts: readonly number[]): Interval {
  const [value, n] = [mean(amounts), amounts.length];
  if (n < 2) return { value, low: null, high: null };
  const half = studentQuantile(0.05, n - 1) * Math.sqrt(sumOfSquares(amounts) / (n - 1) / n);
  return { value, low: Math.max(0, value - half), high: value + half };
}

/** Machine time varies from run to run: a smaller difference is not told as one. */
const sameShare = 0.9;
/** Answers below which a cost by time is a rough figure. */
const fewAnswers = 20;

function costAboutTheSame(a: ArmResult["cost"], b: ArmResult["cost"]): boolean {
  const [lower, higher] = [
    Math.min(a.per1000Answers, b.per1000Answers),
    Math.max(a.per1000Answers, b.per1000Answers),
  ];
  return lower === higher || lower > sameShare * higher;
}

/**
 * After how many answers the trained arm's cheaper serving has paid for its training; null if it never does, or if serving
 * costs about the same.
 */
export function breakEvenRequests(trained: ArmResult["cost"], untrained: ArmResult["cost"]): number | null {
  if (trained.training === 0) return 0;
  const saving = (untrained.per1000Answers - trained.per1000Answers) / 1000;
  return saving > 0 && !costAboutTheSame(trained, untrained) ? Math.ceil(trained.training / saving) : null;
}

/** Each trained arm against the cheapest untrained arm, and against the untrained arm of the best quality. */
export function measureBreakEven(
  arms: readonly ArmResult[],
  primary: "correct" | "f1Normalised",
): BreakEven[] {
  const untrained = arms.filter((arm) => arm.training === null).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (untrained.length === 0) return [];
  const cheapest = untrained.reduce((best, arm) =>
    arm.cost.per1000Answers < best.cost.per1000Answers ? arm : best,
  );
  const best = untrained.reduce((best, arm) =>
    arm.metrics[primary].value > best.metrics[primary].value ? arm : best,
  );
  return arms
    .filter((arm) => arm.training !== null)
    .flatMap((arm) =>
      [...new Set([cheapest, best])].map((against) => {
        const requests = breakEvenRequests(arm.cost, against.cost);
        const words = [
          describeBreakEven(arm, against, requests),
          ...describeQuality(arm, against, primary, requests),
        ].join(" ");
        return { arm: arm.name, against: against.name, requests, words };
      }),
    );
}

function describeBreakEven(arm: ArmResult, against: ArmResult, requests: number | null): string {
  const rough = describeRough(arm.cost, against.cost);
  if (requests === 0) return `Training ${arm.name} cost nothing at these prices.`;
  if (requests !== null)
    return `Training ${arm.name} pays for itself after ${counted(requests, "answer")}, against ${against.name}${rough}.`;
  return costAboutTheSame(arm.cost, against.cost)
    ? `${arm.name} costs about as much per answer as ${against.name}${rough}: its training does not pay for itself by price.`
    : `${arm.name} costs more per answer than ${against.name}${rough}: its training never pays for itself by price.`;
}

function describeRough(...costs: ArmResult["cost"][]): string {
  const fewest = Math.min(...costs.flatMap(({ basis, n }) => (basis === "time" ? [n] : [])));
  return fewest < fewAnswers ? ` (a rough figure: measured on ${counted(fewest, "answer")})` : "";
}

/** A saving is none if the answers are worse. */
function describeQuality(
  arm: ArmResult,
  against: ArmResult,
  primary: "correct" | "f1Normalised",
  requests: number | null,
): string[] {
  const [own, other] = [arm.metrics[primary].value, against.metrics[primary].value];
  if (own >= other) return [];
  const worse = requests === null ? "Its answers are worse, too" : "But its answers are worse";
  return [`${worse}: ${percent(own)} against ${percent(other)}.`];
}
