import type { Usage } from "../contracts/index.ts";

/** Counts for Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export interface Metrics {
  responded(route: string, status: number): void;
  answered(model: string, usage: Usage, firstTokenMs: number, totalMs: number): void;
  /** One that ended in an error. */
  failed(model: string): void;
  /** `gauges` are read now. */
  render(gauges: Record<string, number>): string;
}

/** Upper bounds in seconds. */
const bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createMetrics(): Metrics {
  const counters = new Map<string, Map<string, number>>();
  const add = (name: string, labels: Record<string, string | number>, value = 1): void => {
    const series = counters.get(name) ?? new Map<string, number>();
    counters.set(name, series);
    const key = Object.entries(labels)
      .map(([label, text]) => `${label}="${String(text).replaceAll(/[\\"\n]/g, "_")}"`)
      .join(",");
    series.set(key, (series.get(key) ?? 0) + value);
  };
  const observe = (name: string, model: string, seconds: number): void => {
    for (const le of bounds) add(`${name}_bucket`, { model, le }, seconds <= le ? 1 : 0);
    add(`${name}_bucket`, { model, le: "+Inf" });
    add(`${name}_sum`, { model }, seconds);
    add(`${name}_count`, { model });
  };
  return {
    responded: (route, status) => add("lorag_requests_total", { route, status }),
    answered(model, usage, firstTokenMs, totalMs) {
      add("lorag_tokens_total", { model, kind: "prompt" }, usage.promptTokens);
      add("lorag_tokens_total", { model, kind: "completion" }, usage.completionTokens);
      observe("lorag_first_token_seconds", model, firstTokenMs / 1000);
      observe("lorag_answer_seconds", model, totalMs / 1000);
    },
    failed: (model) => add("lorag_answers_failed_total", { model }),
    render(gauges) {
      const lines: string[] = [];
      const typed = new Set<string>();
      for (const [name, series] of counters) {
        const family = name.replace(/_(?:bucket|sum|count)$/, "");
        if (!typed.has(family)) lines.push(`# TYPE ${family} ${family === name ? "counter" : "histogram"}`);
        typed.add(family);
        for (const [labels, value] of series) lines.push(`${name}{${labels}} ${value}`);
      }
      for (const [name, value] of Object.entries(gauges))
        lines.push(`# TYPE ${name} gauge`, `${name} ${value}`);
      return `${lines.join("\n")}\n`;
    },
  };
}
