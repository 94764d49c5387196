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
} from "../contracts/index.ts";
import { priceArm } from "./cost.ts";
import type { FinishedArm } from "./input.ts";
import { bleu } from "./metrics/bleu.ts";
import { chrf } from "./metrics/chrf.ts";
import { isUnanswerable, measureAbstention } from "./metrics/abstention.ts";
import { measureCitations } from "./metrics/citations.ts";
import { measureClassification } from "./metrics/classification.ts";
import { documentRecall } from "./metrics/recall.ts";
import type { Task } from "./metrics/task.ts";
import { estimateMean } from "./statistics/estimate-mean.ts";
import { mean, quantile } from "./statistics/quantile.ts";
import { estimateRate } from "./statistics/wilson.ts";
import { tabulate } from "./tabulate.ts";

/** One question with the graded answer of one contender. */
export interface Graded<Record extends { scores: Scores; retrained?: AnswerRecord["retrained"] }> {
  question: Example;
  record: Record;
}

type Scored = Graded<{ scores: Scores; retrained?: AnswerRecord["retrained"] }>;

const metricNames: readonly MetricName[] = [
  "correct",
  "exactMatch",
  "exactMatchNormalised",
  "f1",
  "f1Normalised",
  "rougeL",
  "rougeLNormalised",
];
const rates: ReadonlySet<MetricName> = new Set(["correct", "exactMatch", "exactMatchNormalised"]);

/** Means with intervals. */
export function summariseScores(answers: readonly Scored[]): Metrics {
  return Object.fromEntries(
    metricNames.map((metric) => [metric, estimateMetric(answers, metric)]),
  ) as Metrics;
}

function estimateMetric(answers: readonly Scored[], metric: MetricName): Estimate {
  const table = tabulate(
    answers.map(({ record }) => record),
    metric,
  );
  const [only] = table;
  return table.length === 1 && rates.has(metric)
    ? estimateRate(only!.filter((value) => value === 1).length, only!.length)
    : estimateMean(table);
}

export function summariseByType(answers: readonly Scored[]): ArmResult["byType"] {
  const types = [...new Set(answers.flatMap(({ question }) => question.type ?? []))].sort();
  return types.map((type) => {
    const ofType = answers.filter(({ question }) => question.type === type);
    return {
      type,
      correct: estimateMetric(ofType, "correct"),
      f1Normalised: estimateMetric(ofType, "f1Normalised"),
    };
  });
}

/** What results.json says of an arm that ran. Scores count every training; the rest is of the run's seed. */
export function summariseArm(
  arm: FinishedArm,
  answers: readonly Graded<AnswerRecord>[],
  context: { task: Task; run: Run; prices: Prices; documents: ReadonlyMap<string, string> },
): Omit<ArmResult, "model" | "baseline" | "curve"> {
  const records = answers.map(({ record }) => record);
  const timed = records.filter(({ alone }) => alone);
  const { task, run, prices, documents } = context;
  return {
    name: arm.name,
    status: "ok",
    metrics: summariseScores(answers),
    byType: summariseByType(answers),
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
    terms: summariseTerms(records),
    translation: measureTranslation(answers),
    retrieval: measureRetrieval(answers, documents),
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
    tokens: summariseUsage(records),
    cost: priceArm(arm, records, prices),
    training: arm.training ?? null,
    trainings: listTrainings(arm, records, run.seed),
  };
}

/** Of the questions that ask for a translation, as `metadata.task` says. */
function measureTranslation(answers: readonly Graded<AnswerRecord>[]): ArmResult["translation"] {
  const asked = answers.filter(({ question }) => question.metadata?.["task"] === "translation");
  if (asked.length === 0) return null;
  const texts = asked.map(({ record }) => record.text);
  const references = asked.map(({ question }) => question.completion);
  return { n: asked.length, chrf: chrf(texts, references), bleu: bleu(texts, references) };
}

function summariseTerms(records: readonly AnswerRecord[]): ArmResult["terms"] {
  const told = records.flatMap(({ terms }) => terms ?? []);
  const terms = told.flatMap((report) => report.terms);
  if (terms.length === 0) return null;
  const honoured = terms.filter((term) => term.honoured).length;
  return {
    total: terms.length,
    honoured: estimateRate(honoured, terms.length),
    retried: told.filter(({ retried }) => retried).length,
  };
}

function summariseUsage(records: readonly AnswerRecord[]): ArmResult["tokens"] {
  const usage = records.map((record) => record.usage);
  return {
    prompt: mean(usage.map((entry) => entry.promptTokens)),
    completion: mean(usage.map((entry) => entry.completionTokens)),
    cached: mean(usage.map((entry) => entry.cachedTokens)),
    thinking: mean(usage.map((entry) => entry.thinkingTokens ?? 0)),
    estimated: usage.some((entry) => entry.estimated === true),
  };
}

function listTrainings(
  { training, retrained = [] }: FinishedArm,
  records: readonly AnswerRecord[],
  seed: number,
): ArmResult["trainings"] {
  if (training === undefined) return [];
  const [correct, f1Normalised] = [tabulate(records, "correct"), tabulate(records, "f1Normalised")];
  return [seed, ...retrained.map((again) => again.seed)].map((own, index) => ({
    seed: own,
    correct: mean(correct[index]!),
    f1Normalised: mean(f1Normalised[index]!),
  }));
}

function measureRetrieval(
  answers: readonly Graded<AnswerRecord>[],
  documents: ReadonlyMap<string, string>,
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
  return { k, recall: recalls.length === 0 ? null : estimateMean([recalls]) };
}
