import { join } from "node:path";
import { z } from "zod";
import { exists, makeFolder, parseJson, readText } from "../../../platform/index.ts";
import { openMetrics, readMetrics } from "../../metrics-file.ts";
import type { StepReport } from "../../train-loop.ts";

/** Between two looks at what a job has written. */
export const lookMs = 500;

const doneSchema = z.object({ steps: z.number(), device: z.enum(["cpu", "gpu"]) });
const failedSchema = z.object({ step: z.number(), loss: z.string() });

/** What a job came to; undefined while it came to nothing. */
export type Outcome =
  ({ kind: "done" } & z.output<typeof doneSchema>) | ({ kind: "failed" } & z.output<typeof failedSchema>);

export async function outcomeOf(folder: string): Promise<Outcome | undefined> {
  const read = async (name: string): Promise<unknown> => {
    const path = join(folder, "out", name);
    return (await exists(path)) ? parseJson(await readText(path)) : undefined;
  };
  const done = await read("done.json");
  if (done !== undefined) return { kind: "done", ...doneSchema.parse(done) };
  const failed = await read("failed.json");
  return failed === undefined ? undefined : { kind: "failed", ...failedSchema.parse(failed) };
}

/** The curve that the job writes, as far as it has grown. */
export async function jobCurve(folder: string): Promise<StepReport[]> {
  const path = join(folder, "out", "metrics.jsonl");
  return (await exists(path)) ? readMetrics(path) : [];
}

/**
 * Tells each step of a job once, and keeps its curve beside it, however often the job begins again at an earlier one.
 * Returns how to look for new ones.
 */
export async function followJob(
  folder: string,
  onStep: (step: StepReport) => void,
): Promise<() => Promise<void>> {
  await makeFolder(folder);
  const path = join(folder, "metrics.jsonl");
  let told = (await exists(path)) ? ((await readMetrics(path)).at(-1)?.step ?? 0) : 0;
  const append = await openMetrics(folder, told);
  if (told === 0) told = -1;
  return async () => {
    for (const line of await jobCurve(folder)) {
      if (line.step <= told) continue;
      told = line.step;
      await append(line);
      onStep(line);
    }
  };
}
