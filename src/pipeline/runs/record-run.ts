import { join } from "node:path";
import { LoragError, type Progress, type RunEvent } from "../../contracts/index.ts";
import { appendJsonLine, makeFolder, ownProcess, writeFileAtomic } from "../../platform/index.ts";
import type { Comparison } from "../compare.ts";
import type { Context } from "../context.ts";

/** Reports of one stage are kept no closer together. */
const apartMs = 100;

/**
 * Runs a comparison and keeps in a folder what happens: `events.jsonl`, a line for each report and warning as it comes,
 * and `results.json` in the end. A run that is taken up again goes on in the same file.
 */
export async function recordRun(
  context: Context,
  folder: string,
  work: (context: Context) => Promise<Comparison>,
): Promise<Comparison> {
  await makeFolder(folder);
  const file = join(folder, "events.jsonl");
  let last = Promise.resolve();
  let failure: unknown;
  // One after another, so that lines keep their order; a disk that is full ends the run as any other step would.
  const keep = (event: RunEvent): void => {
    const line = { at: new Date().toISOString(), ...event };
    last = last.then(() => appendJsonLine(file, line)).catch((error: unknown) => void (failure ??= error));
  };
  const isDue = pace();
  keep({ kind: "began", process: ownProcess() });
  try {
    const comparison = await work({
      ...context,
      onProgress: (progress) => {
        context.onProgress(progress);
        if (isDue(progress)) keep({ kind: "progress", progress });
      },
      warn: (warning) => {
        context.warn(warning);
        keep({ kind: "warning", ...warning });
      },
    });
    await writeFileAtomic(join(folder, "results.json"), `${JSON.stringify(comparison.results)}\n`);
    keep({ kind: "ended", outcome: "done" });
    return comparison;
  } catch (error) {
    const plain = error instanceof LoragError ? { error: error.toPlain() } : {};
    keep({ kind: "ended", outcome: context.signal.aborted ? "interrupted" : "failed", ...plain });
    throw error;
  } finally {
    await last;
    if (failure !== undefined)
      context.warn({
        code: "LORAG_RECORD",
        message: `The record of the run is not whole: ${String(failure)}`,
      });
  }
}

function pace(): (progress: Progress) => boolean {
  let stage: string | undefined;
  let at = -Infinity;
  return (progress) => {
    const now = performance.now();
    const key = progress.stage ?? progress.step;
    const isLast = progress.total !== undefined && progress.done >= progress.total;
    if (key === stage && now - at < apartMs && !isLast) return false;
    stage = key;
    at = now;
    return true;
  };
}
