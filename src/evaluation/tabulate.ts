import type { AnswerRecord, MetricName, Scores } from "../contracts/index.ts";
import type { ScoreTable } from "./statistics/trainings.ts";

/** Graded answers on one metric: a row for each training, that of the run's seed first, a column for each question. */
export function tabulate(
  records: readonly { scores: Scores; retrained?: AnswerRecord["retrained"] }[],
  metric: MetricName,
): ScoreTable {
  const others = records[0]?.retrained ?? [];
  return [
    records.map(({ scores }) => scores[metric]),
    ...others.map((_, training) => records.map(({ retrained }) => retrained![training]!.scores[metric])),
  ];
}
