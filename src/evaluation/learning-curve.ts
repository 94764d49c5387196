import type { Answer, ArmResult, Example, LearningCurve } from "../contracts/index.ts";
import { percent, points } from "../text/index.ts";
import { scoreText } from "./grade.ts";
import type { FinishedArm } from "./input.ts";
import type { Task } from "./metrics/task.ts";
import { estimateMean } from "./statistics/estimate-mean.ts";
import { fitCurve, quantilesOver, scoreAt, shareAt } from "./statistics/fit-curve.ts";
import type { CurveFit } from "./statistics/fit-curve.ts";
import { mean } from "./statistics/quantile.ts";

/** By how much trainings with other seeds differ where nothing better is known: a standard deviation of 4 points. */
const luck = 0.04;
/** Beyond so many times the examples that there are, a curve says nothing that can be relied on. */
const reach = 8;
/** What twice the examples have to add to be worth telling. */
const worthwhile = 0.01;
/** A level line explains the points this much worse in 5 of 100 cases where it is the truth. */
const clear = 3.84;
const interval = [0.025, 0.5, 0.975] as const;

/** An arm that is not trained, with its score of each question in the order of the questions. */
export interface CurveTarget {
  name: string;
  scores: readonly number[];
}

/**
 * What more training examples would do for an arm, from trainings on fewer of them; null where there are none. The curve is
 * an inverse power law; how well each fits is weighed with the luck of the questions, which all sizes share, and of training.
 */
export function drawLearningCurve(
  arm: FinishedArm,
  atAll: readonly number[],
  { questions, task, target }: { questions: readonly Example[]; task: Task; target: CurveTarget | undefined },
): LearningCurve | null {
  const total = arm.training?.examples ?? 0;
  const smaller = (arm.smaller ?? []).filter(({ examples }) => examples > 0 && examples < total);
  if (smaller.length === 0) return null;
  const sizes = [
    ...smaller
      .toSorted((a, b) => a.examples - b.examples)
      .map(({ examples, answers }) => ({
        examples,
        scores: questions.map((question) => score(answers[question.id]!, question, task)),
      })),
    { examples: total, scores: [...atAll] },
  ];
  const shares = sizes.map(({ examples }) => examples / total);
  const fit = fitScores(
    shares,
    sizes.map(({ scores }) => scores),
    0,
  );
  const [low, value, high] = quantilesOver(fit, (curve) => scoreAt(curve, 2) - curve.atAll, interval);
  const [least, most] = quantilesOver(fit, (curve) => scoreAt(curve, 2) - curve.atAll, [0.1, 0.9]);
  const help = judgeHelp(least!, most!, fit.evidence);
  const aim = target && mean(target.scores) > mean(atAll) ? target : undefined;
  const needed = aim && findNeeded(shares, sizes, aim, total);
  const curve = {
    points: sizes.map(({ examples, scores }) => ({ examples, score: estimateMean([scores]) })),
    fitted: drawFitted(fit, shares[0]!, total),
    doubling: { low: low!, value: value!, high: high! },
    target: aim ? { name: aim.name, score: mean(aim.scores), examples: needed ?? null } : null,
    help,
  };
  return { ...curve, words: describeCurve(arm.name, curve, total) };
}

const score = (answer: Answer, question: Example, task: Task): number =>
  scoreText(answer, question, task).scores[task.primary];

/** Scores of each size by question, `lowered` by what they are compared with. */
function fitScores(
  shares: readonly number[],
  scores: readonly (readonly number[])[],
  lowered: number,
): CurveFit {
  const means = scores.map((row) => mean(row));
  const n = scores[0]!.length;
  const covariance = scores.map((a, row) =>
    scores.map((b, column) => {
      const products = a.reduce(
        (sum, value, question) => sum + (value - means[row]!) * (b[question]! - means[column]!),
        0,
      );
      // Two imagined questions of right and wrong, as in every interval, keep alike scores from being certain.
      return products / Math.max(1, n - 1) / n + (row === column ? luck ** 2 + 0.5 / n ** 2 : 0);
    }),
  );
  return fitCurve(
    shares.map((share, index) => ({ share, score: means[index]! })),
    covariance,
    [-lowered, 1 - lowered],
  );
}

function judgeHelp(least: number, most: number, evidence: number): LearningCurve["help"] {
  if (least >= worthwhile && evidence > clear) return "likely";
  return most < worthwhile ? "unlikely" : "unknown";
}

/** Question by question against the target, so that the questions' luck, which both share, falls away. */
function findNeeded(
  shares: readonly number[],
  sizes: readonly { scores: readonly number[] }[],
  target: CurveTarget,
  total: number,
): { low: number; value: number; high: number | null } | null {
  const ahead = sizes.map(({ scores }) => scores.map((own, question) => own - target.scores[question]!));
  const fit = fitScores(shares, ahead, mean(target.scores));
  const [low, value, high] = quantilesOver(fit, (curve) => shareAt(curve, 0), interval);
  if (value! > reach || fit.evidence <= clear) return null;
  return {
    low: roundExamples(low! * total),
    value: roundExamples(value! * total),
    high: high! > reach ? null : roundExamples(high! * total),
  };
}

/** To two digits. */
const roundExamples = (examples: number): number => Math.max(1, Number(examples.toPrecision(2)));

function drawFitted(fit: CurveFit, from: number, total: number): LearningCurve["fitted"] {
  const steps = 24;
  return Array.from({ length: steps + 1 }, (_, step) => {
    const share = from * (reach / from) ** (step / steps);
    const [low, value, high] = quantilesOver(fit, (curve) => scoreAt(curve, share), interval);
    const within = (figure: number) => Math.min(1, Math.max(0, figure));
    return {
      examples: Math.round(share * total),
      low: within(low!),
      value: within(value!),
      high: within(high!),
    };
  });
}

function describeCurve(
  name: string,
  { help, target, doubling }: Omit<LearningCurve, "words">,
  total: number,
): string {
  const of = `${name} was trained on ${total.toLocaleString("en-GB")} examples and on fewer`;
  const number = (examples: number) => examples.toLocaleString("en-GB");
  if (help === "unlikely")
    return `More examples are unlikely to help: ${of}, and its scores are level (twice as many add ${points(Math.max(0, doubling.high))} at most).`;
  if (help === "unknown")
    return `Whether more examples help cannot be said: ${of}, and what its scores gained can be chance.`;
  const gain = `twice as many are worth about ${points(doubling.value)} (${Math.round(doubling.low * 100)} to ${Math.round(doubling.high * 100)})`;
  if (target === null) return `More examples are likely to help: ${of}; ${gain}.`;
  if (target.examples === null)
    return `More examples are likely to help: ${of}; ${gain}. How many it takes to pass ${target.name} (${percent(target.score)}) cannot be said.`;
  const { low, value, high } = target.examples;
  const range = high === null ? `${number(low)} or many more` : `${number(low)} to ${number(high)}`;
  return `More examples are likely to help: about ${number(value)} to pass ${target.name} (${range}); ${of}, and ${gain}.`;
}

/** The best arm that is not trained: what a tuned arm has to pass. */
export function findCurveTarget(
  arms: readonly ArmResult[],
  primary: Task["primary"],
  scoresOf: (name: string) => readonly number[],
): CurveTarget | undefined {
  const untrained = arms.filter(({ training }) => training === null);
  if (untrained.length === 0) return undefined;
  const { name } = untrained.reduce((a, b) => (b.metrics[primary].value > a.metrics[primary].value ? b : a));
  return { name, scores: scoresOf(name) };
}
