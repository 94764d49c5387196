import type { MetricName } from "../contracts/index.ts";

export const metricTitles: Record<MetricName, string> = {
  correct: "Right answers",
  exactMatch: "Exact match",
  exactMatchNormalised: "Exact match, short answers",
  f1: "Token F1",
  f1Normalised: "Token F1, short answers",
  rougeL: "ROUGE-L",
  rougeLNormalised: "ROUGE-L, short answers",
};
