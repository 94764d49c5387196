import { appendJsonLine, exists, readText, writeFileAtomic } from "../platform/index.ts";
import type { StepReport } from "./train-loop.ts";

/**
 * The curve as it grows, one JSON object a line, for people and plots. Lines of steps after `step` are those of a run
 * that was cut off and will be taken again: they go. Returns how to append.
 */
export async function openMetrics(
  path: string,
  step: number,
): Promise<(report: StepReport) => Promise<void>> {
  const lines = (await exists(path)) ? (await readText(path)).split("\n") : [];
  const kept = lines.filter((line) => {
    const at = stepOf(line);
    return at !== undefined && at <= step && step > 0;
  });
  await writeFileAtomic(path, kept.map((line) => `${line}\n`).join(""));
  return (report) => appendJsonLine(path, report);
}

/** Undefined for a line that was cut off in the middle. */
function stepOf(line: string): number | undefined {
  try {
    const { step } = JSON.parse(line) as { step?: unknown };
    return typeof step === "number" ? step : undefined;
  } catch {
    return undefined;
  }
}
