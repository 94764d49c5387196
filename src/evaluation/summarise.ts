import type {
  AnswerRecord,
  ArmResult,
  Estimate,
  Example,
  MetricName,
  Metrics,
  Prices,
  Run,
  Scores,
  TrainingRecord,
} from "../contracts/index.ts";
import { priceArm } from "./cost.ts";
import type { FinishedArm } from "./input.ts";
import { isUnanswerable, measureAbstention } from "./metrics/abstention.ts";
import { measureCitations } from "./metrics/citations.ts";
import { measureClassification } from "./metrics/classification.ts";
import { documentRecall } from "./metrics/recall.ts";
import type { Task } from "./metrics/task.ts";
import { estimateMean } from "./statistics/bootstrap.ts";
import type { Resampler } from "./statistics/bootstrap.ts";
import { mean, quantile } from "./statistics/quantile.ts";
import { estimateRate } from "./statistics/wilson.ts";

/** One question with the graded answer of one contender. */
export interface Graded<Record extends { scores: Scores }> {
  question: Example;
  record: Record;
}

const rates: readonly MetricName[] = ["correct", "exactMatch", "exactMatchNormalised"];
const graded: readonly MetricName[] = ["f1", "f1Normalised", "rougeL", "rougeLNormalised"];

/** Means with intervals. */
export function summariseScores(scores: readonly Scores[], resample: Resampler): Metrics {
  const values = (metric: MetricName) => scores.map((score) => score[metric]);
  const estimates = [
    ...rates.map((metric) => [metric, estimateRightOrWrong(values(metric))]),
    ...graded.map((metric) => [metric, estimateMean(values(metric), resample)]),
  ];
  return Object.fromEntries(estimates) as Metrics;
}

function estimateRightOrWrong(values: readonly number[]): Estimate {
  return estimateRate(values.filter((value) => value === 1).length, values.length);
}

export function summariseByType<Record extends { scores: Scores }>(
  answers: readonly Graded<Record>[],
  resample: Resampler,
): ArmResult["byType"] {
  const types = [...new Set(answers.flatMap(({ question }) => question.type ?? []))].sort();
  return types.map((type) => {
    const scores = answers
      .filter(({ question }) => question.type === type)
      .map(({ record }) => record.scores);
    return {
      type,
      correct: estimateRightOrWrong(scores.map((score) => score.correct)),
      f1Normalised: estimateMean(
        scores.map((score) => score.f1Normalised),
        resample,
      ),
    };
  });
}

/** Everything results.json says of an arm that ran. */
export function summariseArm(
  name: string,
  answers: readonly Graded<AnswerRecord>[],
  run: { machineTime: FinishedArm["machineTime"]; training: TrainingRecord | null },
  context: {
    resample: Resampler;
    task: Task;
    prices: Prices;
    device: Run["machine"]["device"];
    documents: ReadonlyMap<string, string>;
  },
): ArmResult {
  const records = answers.map(({ record }) => record);
  const timed = records.filter(({ alone }) => alone);
  const usage = records.map((record) => record.usage);
  const machineTime = run.machineTime ?? {
    secondsPerAnswer: mean(records.map((record) => record.latencyMs)) / 1000,
    n: records.length,
  };
  const { resample, task, prices, device, documents } = context;
  return {
    name,
    status: "ok",
    metrics: summariseScores(
      records.map((record) => record.scores),
      resample,
    ),
    byType: summariseByType(answers, resample),
    classification:
      task.kind === "classification"
        ? measureClassification(
            answers.map(({ question, record }) => ({ text: record.text, gold: question.completion })),
            task.labels,
          )
        : null,
    abstention: measureAbstention(
      answers.map(({ question, record }) => ({
        abstained: record.abstained,
        withdrawn: record.abstained && record.withdrawn !== undefined,
        unanswerable: isUnanswerable(question),
      })),
    ),
    citations: measureCitations(records.map((record) => record.citations)),
    retrieval: measureRetrieval(answers, documents, resample),
    latency: {
      p50Ms: quantile(
        timed.map((record) => record.latencyMs),
        0.5,
      ),
      p95Ms: quantile(
        timed.map((record) => record.latencyMs),
        0.95,
      ),
      n: timed.length,
      firstTokenP50Ms: quantile(
        timed.map((record) => record.firstTokenMs),
        0.5,
      ),
    },
    tokens: {
      prompt: mean(usage.map((entry) => entry.promptTokens)),
      completion: mean(usage.map((entry) => entry.completionTokens)),
      cached: mean(usage.map((entry) => entry.cachedTokens)),
    },
    cost: priceArm({ usage, machineTime, training: run.training }, device, prices),
    training: run.training,
  };
}

function measureRetrieval(
  answers: readonly Graded<AnswerRecord>[],
  documents: ReadonlyMap<string, string>,
  resample: Resampler,
): ArmResult["retrieval"] {
  const k = Math.max(...answers.map(({ record }) => record.hits.length));
  const asked = answers.filter(({ question }) => (question.documents ?? []).length > 0);
  if (k === 0) return null;
  const recalls = asked.map(({ question, record }) =>
    documentRecall(
      record.hits.map((hit) => documents.get(hit.chunkId)!),
      question.documents!,
    ),
  );
  return { k, recall: recalls.length === 0 ? null : estimateMean(recalls, resample) };
}
