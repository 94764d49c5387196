import { join } from "node:path";
import { z } from "zod";
import { LoragError, type ArmSpec, type SearchReport, type SearchTrial } from "../contracts/index.ts";
import {
  appendJsonLine,
  exists,
  makeFolder,
  parseJsonLines,
  readText,
  removePath,
  writeFileAtomic,
} from "../platform/index.ts";
import { renderSearchHtml } from "../report/index.ts";
import { bestTrial, drawTrial, nextJob, trainPart } from "../training/index.ts";
import { adapterOf, type AdapterSpec, type TrainingExamples } from "./adapter-spec.ts";
import { throwIfInterrupted, type Context } from "./context.ts";
import { findArm } from "./find-arm.ts";
import type { Parts } from "./parts.ts";
import { beginTraining, examplesOf } from "./run.ts";
import { runProject } from "./run-project.ts";
import { inStage, stageIds } from "./stage.ts";
import { fingerprint } from "./steps/record.ts";
import { trainingSettings } from "./training-settings.ts";

export interface TuneOptions {
  /** Most trials. */
  trials: number;
  /** No trial is begun or goes on once so many seconds have been trained. */
  seconds?: number | undefined;
  /** The same in money, by `prices.cpu_hour`. */
  cost?: number | undefined;
}

export interface Tuned {
  report: SearchReport;
  /** An entry of `arms` with the best settings; empty where none was found. */
  yaml: string;
  files: { html: string; json: string };
}

/** Shares of a training after which the best third of the trials goes on. */
const rungs = [1 / 9, 1 / 3, 1];
const factor = 3;

/** One run of one trial: a line of `trials.jsonl`. */
const runSchema = z.object({
  trial: z.int(),
  rung: z.int(),
  loss: z.number().nullable(),
  step: z.int(),
  seconds: z.number(),
  failure: z.string().optional(),
});
type TrialRun = z.output<typeof runSchema>;

/**
 * Searches for the settings that an arm is best trained with, by successive halving, and writes the trials as a page and as
 * JSON. Each finished run is appended to a file, and each training goes on from its checkpoints: a search that was cut off
 * goes on where it was. Throws LORAG_NOTHING_TO_TRAIN, LORAG_NOTHING_TO_CHECK, LORAG_INTERRUPTED.
 */
export function tune(context: Context, name: string, options: TuneOptions): Promise<Tuned> {
  const { project } = context;
  const arm = findArm(project, name);
  const spec = adapterOf(project, arm);
  if (!arm.tuning || !spec) throw notTuned(arm);
  return runProject(context, async (parts) => {
    const run = await beginTraining(context, parts, [arm]);
    const examples = await examplesOf(run, spec);
    if (examples.validation.length === 0) throw nothingToCheck();
    const model = await parts.modelIdentity(spec.model);
    const identity = fingerprint(model, spec.settings, examples).slice(0, 16);
    const folder = join(project.output, "tune", `${spec.key}-${identity}`);
    await makeFolder(folder);
    const log = join(folder, "trials.jsonl");
    const runs = await readRuns(log);
    const search: Search = { context, parts, spec, examples, folder };

    let ended: SearchReport["ended"] = "finished";
    for (;;) {
      const trials = trialsOf(project.config.seed, runs);
      const job = nextJob(
        trials.map(({ id, losses }) => ({ id, losses: losses.map((loss) => loss ?? Infinity) })),
        { rungs: rungs.length, factor, trials: options.trials },
      );
      if (!job) break;
      if (isSpent(runs, options, project.config.prices.cpu_hour)) {
        ended = "budget";
        break;
      }
      throwIfInterrupted(context.signal);
      const done = await runTrial(search, job);
      await appendJsonLine(log, done);
      runs.push(done);
    }
    const report = reportOf(arm, trialsOf(project.config.seed, runs), runs, ended, project.config.prices);
    const files = {
      html: join(project.output, `tune-${arm.name}.html`),
      json: join(project.output, `tune-${arm.name}.json`),
    };
    await writeFileAtomic(files.html, renderSearchHtml(report));
    await writeFileAtomic(files.json, `${JSON.stringify(report, null, 2)}\n`);
    // What lets trials go on is large; their log stays.
    if (ended === "finished") await removePath(join(folder, "trials"));
    return { report, yaml: yamlOf(arm, report), files };
  });
}

interface Search {
  context: Context;
  parts: Parts;
  spec: AdapterSpec;
  examples: TrainingExamples;
  folder: string;
}

async function runTrial(
  { context, parts, spec, examples, folder }: Search,
  { trial, rung }: { trial: number; rung: number },
): Promise<TrialRun> {
  const { config } = context.project;
  const settings = trainingSettings(config, { ...spec.arm.tuning, ...drawTrial(config.seed, trial) });
  const place = join(folder, "trials", String(trial));
  const { onProgress, signal } = inStage(context, stageIds.training(`${spec.key}/${trial}`));
  try {
    const { loss, step, seconds } = await trainPart(
      {
        model: await parts.localModel(spec.model),
        ...examples,
        settings,
        folder: join(place, "adapter"),
        checkpoints: join(place, "checkpoints"),
        step: `Trial ${trial}, up to ${Math.round(100 * rungs[rung]!)}%`,
        onProgress,
        signal,
      },
      rungs[rung]!,
    );
    return { trial, rung, loss: Number.isFinite(loss) ? loss : null, step, seconds };
  } catch (error) {
    if (!(error instanceof LoragError) || !error.code.startsWith("LORAG_LOSS_")) throw error;
    return { trial, rung, loss: null, step: 0, seconds: 0, failure: error.message };
  }
}

/** A line that was cut off is a run that was not finished. */
async function readRuns(log: string): Promise<TrialRun[]> {
  if (!(await exists(log))) return [];
  const whole = parseJsonLines(await readText(log)).flatMap((line) => runSchema.safeParse(line).data ?? []);
  await writeFileAtomic(log, whole.map((run) => `${JSON.stringify(run)}\n`).join(""));
  return whole;
}

function trialsOf(seed: number, runs: readonly TrialRun[]): SearchTrial[] {
  const ids = [...new Set(runs.map(({ trial }) => trial))].sort((a, b) => a - b);
  return ids.map((id): SearchTrial => {
    const own = runs.filter(({ trial }) => trial === id).sort((a, b) => a.rung - b.rung);
    const failure = own.find((run) => run.failure !== undefined)?.failure;
    return {
      id,
      settings: { ...drawTrial(seed, id) },
      losses: own.map(({ loss }) => loss),
      steps: Math.max(...own.map(({ step }) => step)),
      seconds: Math.max(...own.map(({ seconds }) => seconds)),
      ...(failure !== undefined && { failure }),
    };
  });
}

/** Each trial's figures count from its own beginning, over all its rungs. */
function secondsOf(runs: readonly TrialRun[]): number {
  const byTrial = new Map<number, number>();
  for (const { trial, seconds } of runs) byTrial.set(trial, Math.max(byTrial.get(trial) ?? 0, seconds));
  return [...byTrial.values()].reduce((sum, seconds) => sum + seconds, 0);
}

function isSpent(runs: readonly TrialRun[], { seconds, cost }: TuneOptions, hour: number): boolean {
  const spent = secondsOf(runs);
  return spent >= (seconds ?? Infinity) || (spent / 3600) * hour >= (cost ?? Infinity);
}

function reportOf(
  arm: ArmSpec,
  trials: SearchTrial[],
  runs: readonly TrialRun[],
  ended: SearchReport["ended"],
  prices: { cpu_hour: number; currency: string },
): SearchReport {
  const seconds = secondsOf(runs);
  const best = bestTrial(
    trials.map(({ id, losses }) => ({ id, losses: losses.map((loss) => loss ?? Infinity) })),
  );
  return {
    arm: arm.name,
    rungs,
    trials,
    best: best?.id ?? null,
    steps: trials.reduce((sum, { steps }) => sum + steps, 0),
    seconds,
    cost: (seconds / 3600) * prices.cpu_hour,
    currency: prices.currency,
    ended,
  };
}

/** As `arms` of lorag.yaml takes it: the arm with the best settings beside the one that was searched from. */
function yamlOf(arm: ArmSpec, { trials, best }: SearchReport): string {
  const found = trials.find(({ id }) => id === best);
  if (!found) return "";
  const preset = { none: "tuned", passages: "tuned-rag", graph: "graph-rag" }[arm.context];
  const own = Object.entries({ ...arm.tuning, ...found.settings });
  return [
    `  - name: ${arm.name}-best`,
    `    preset: ${preset}`,
    ...(arm.model === undefined ? [] : [`    model: ${JSON.stringify(arm.model)}`]),
    "    tuning:",
    ...own.map(([key, value]) => `      ${key}: ${JSON.stringify(value)}`),
    `    baseline: ${arm.name}`,
    "",
  ].join("\n");
}

function notTuned({ name }: ArmSpec): LoragError {
  return new LoragError({
    code: "LORAG_NOTHING_TO_TRAIN",
    kind: "usage",
    message: `The arm ${name} is not tuned, so there are no settings to search for`,
    next: "Name a tuned arm: `lorag tune tuned`.",
  });
}

function nothingToCheck(): LoragError {
  return new LoragError({
    code: "LORAG_NOTHING_TO_CHECK",
    kind: "config",
    message: "There is no validation example to compare trials on",
    next: "Raise val_set_size.",
  });
}
