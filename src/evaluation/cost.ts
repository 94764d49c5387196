import type { ArmResult, BreakEven, Prices, Run, TrainingRecord, Usage } from "../contracts/index.ts";
import { mean } from "./statistics/quantile.ts";
import { counted, percent } from "../text/index.ts";

/** Machine time at the hourly price, in the currency of the prices. */
function priceTime(seconds: number, device: Run["machine"]["device"], prices: Prices): number {
  return (seconds / 3600) * (device === "gpu" ? prices.gpu_hour : prices.cpu_hour);
}

/** What serving and training one arm costs. By token where token prices are given, else by the hour. */
export function priceArm(
  run: {
    usage: Usage[];
    machineTime: { secondsPerAnswer: number; n: number };
    training: TrainingRecord | null;
  },
  device: Run["machine"]["device"],
  prices: Prices,
): ArmResult["cost"] {
  const { secondsPerAnswer, n } = run.machineTime;
  const { input_mtok: input, output_mtok: output } = prices;
  const byToken = input !== undefined && output !== undefined;
  const perAnswer = byToken
    ? mean(run.usage.map((usage) => (usage.promptTokens * input + usage.completionTokens * output) / 1e6))
    : priceTime(secondsPerAnswer, device, prices);
  return {
    per1000Answers: perAnswer * 1000,
    basis: byToken ? "tokens" : "time",
    n: byToken ? run.usage.length : n,
    secondsPerAnswer,
    training: run.training === null ? 0 : priceTime(run.training.seconds, run.training.device, prices),
  };
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
