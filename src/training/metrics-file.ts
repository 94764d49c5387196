import { join } from "node:path";
import { tensorBoardEvent, tensorBoardHead } from "../formats/index.ts";
import {
  appendBytes,
  appendJsonLine,
  exists,
  parseJsonLines,
  readText,
  writeFileAtomic,
} from "../platform/index.ts";
import type { StepReport } from "./train-loop.ts";

/** The curve for people and programs, and the same for TensorBoard, which finds its files by such names. */
const [linesName, eventsName] = ["metrics.jsonl", "events.out.tfevents.0.lorag"] as const;
export const metricsFiles = [linesName, eventsName] as const;

/** A report with the time at which it was made, in seconds since 1970. */
type Line = StepReport & { time: number };

/**
 * The curve as it grows: one JSON object a line, and an event for TensorBoard. Lines of steps after `step` are those of a
 * run that was cut off and will be taken again: they go. Returns how to append.
 */
export async function openMetrics(
  folder: string,
  step: number,
): Promise<(report: StepReport) => Promise<void>> {
  const [path, events] = [join(folder, linesName), join(folder, eventsName)];
  const lines = (await exists(path)) ? await readMetrics(path) : [];
  const kept = lines.filter((line) => line.step <= step && step > 0);
  await writeFileAtomic(path, kept.map((line) => `${JSON.stringify(line)}\n`).join(""));
  await writeFileAtomic(
    events,
    Buffer.concat([tensorBoardHead(kept[0]?.time ?? now()), ...kept.map(eventOf)]),
  );
  return async (report) => {
    const line: Line = { ...report, time: now() };
    await appendJsonLine(path, line);
    await appendBytes(events, eventOf(line));
  };
}

const now = (): number => Date.now() / 1000;

function eventOf(line: Line): Uint8Array {
  const { step, time, train, validation, accuracy, margin, learningRate, gradientNorm, epoch } = line;
  return tensorBoardEvent(time, step, {
    ...(train !== null && { "loss/train": train, learning_rate: learningRate, gradient_norm: gradientNorm }),
    ...(validation !== null && { "loss/validation": validation }),
    ...(accuracy !== undefined && { "accuracy/validation": accuracy }),
    ...(margin !== undefined && { "margin/validation": margin }),
    epoch,
  });
}

/** The curve as far as it has grown. */
export async function readMetrics(path: string): Promise<Line[]> {
  return parseJsonLines(await readText(path)).flatMap((value) => {
    const line = value as Partial<Line> | null;
    return typeof line?.step === "number" ? [{ time: 0, ...line } as Line] : [];
  });
}
