import { join } from "node:path";
import { renderPrompt, retrieves, usesModel } from "../arms/index.ts";
import { LoragError, type Example } from "../contracts/index.ts";
import { describeMachine, freeBytes, cacheFolder, removePath } from "../platform/index.ts";
import type { StepReport, TrainingPlan } from "../training/index.ts";
import { adaptersOf, examplesFor, type AdapterSpec } from "./adapter-spec.ts";
import { assemble } from "./assemble.ts";
import type { Context } from "./context.ts";
import { retrievalOf } from "./index-spec.ts";
import { prepare, type Prepared } from "./steps/prepare.ts";
import { styleOf } from "./style.ts";

/** How a project's models do on this machine. */
export interface Fit {
  models: {
    name: string;
    parameters: number;
    /** Gigabytes. */
    memory: { answering: number; training: number; free: number; total: number };
    disk: { needed: number; free: number };
    /** Of one answer at a time, measured. */
    tokensPerSecond: number;
  }[];
  /** Of each adapter, from a few steps that were measured. */
  trainings: { adapter: string; steps: number; minutes: number }[];
}

const gigabyte = 2 ** 30;
const answerTokens = 48;
/** The first step pays for what is made once. */
const probeSteps = 5;
/** How full passages are of the `chunk_tokens` that they may have, in letters of a token. */
const lettersPerPassageToken = 0.8 * 4;

/** Asks each local model for one answer and trains each adapter for a few steps. Fetches models that are not here. */
export async function measureFit(context: Context): Promise<Fit> {
  const { project } = context;
  const names = new Set(
    project.arms.filter(usesModel).map(({ model }) => model ?? project.config.base_model),
  );
  const models: Fit["models"] = [];
  const parts = await assemble(context);
  try {
    for (const name of names) {
      if (typeof project.entryOf(name) !== "string") continue;
      models.push(await measureModel(context, name, await measureAnswer(await parts.generator(name))));
    }
  } finally {
    await parts.close();
  }
  const adapters = adaptersOf(project, project.arms).filter(({ imported }) => !imported);
  const trainings: Fit["trainings"] = [];
  if (adapters.length > 0) {
    const prepared = await prepare(context, true);
    for (const adapter of adapters) trainings.push(await measureTraining(context, adapter, prepared));
  }
  return { models, trainings };
}

async function measureModel(
  { project }: Context,
  name: string,
  tokensPerSecond: number,
): Promise<Fit["models"][number]> {
  const models = await import("../models/index.ts");
  const { estimateMemory } = await import("../training/index.ts");
  const entry = project.entryOf(name) as string;
  const resolved = await models.resolveModel(entry);
  const opened = await models.openModel(resolved);
  opened.weights.close();
  const { micro_batch_size, sequence_len, arithmetic } = project.config;
  const tokens = micro_batch_size * sequence_len;
  const needs = estimateMemory(models.parseDecoderConfig(opened.config), {
    tokens,
    scored: tokens / 4,
    arithmetic,
  });
  const { memoryGb, freeMemoryGb } = describeMachine();
  return {
    name,
    parameters: needs.parameters,
    memory: {
      answering: needs.answering / gigabyte,
      training: needs.training / gigabyte,
      free: freeMemoryGb,
      total: memoryGb,
    },
    disk: { needed: needs.disk / gigabyte, free: (await freeBytes(cacheFolder())) / gigabyte },
    tokensPerSecond,
  };
}

async function measureAnswer(
  model: Awaited<ReturnType<Awaited<ReturnType<typeof assemble>>["generator"]>>,
): Promise<number> {
  const messages = [{ role: "user" as const, content: "Count from one to fifty, in words." }];
  const ask = (maxTokens: number) => model.generate({ messages, sampling: { maxTokens } });
  await ask(4);
  const { usage, firstTokenMs, totalMs } = await ask(answerTokens);
  return (1000 * Math.max(1, usage.completionTokens - 1)) / Math.max(1, totalMs - firstTokenMs);
}

async function measureTraining(
  context: Context,
  adapter: AdapterSpec,
  prepared: Prepared,
): Promise<Fit["trainings"][number]> {
  const { project } = context;
  const models = await import("../models/index.ts");
  const training = await import("../training/index.ts");
  const { settings, arm } = adapter;
  const folder = join(project.output, "fit");
  const render = (example: Example): Example => ({ ...example, prompt: standIn(context, adapter, example) });
  const stop = new AbortController();
  const reports: StepReport[] = [];
  let plan: TrainingPlan | undefined;
  try {
    await training.trainAdapter({
      model: await models.resolveModel(project.entryOf(arm.model ?? project.config.base_model) as string),
      train: examplesFor(adapter, prepared.train, project.config.seed).map(render),
      validation: prepared.validation.map(render),
      settings,
      folder: join(folder, "adapter"),
      checkpoints: join(folder, "checkpoints"),
      signal: AbortSignal.any([stop.signal, context.signal]),
      onPlan: (told) => (plan = told),
      onStep: (report) => {
        reports.push(report);
        if (report.step >= probeSteps) stop.abort();
      },
    });
  } catch (error) {
    if (!(error instanceof LoragError) || error.code !== "LORAG_INTERRUPTED" || context.signal.aborted)
      throw error;
  } finally {
    await removePath(folder);
  }
  const steps = plan?.steps ?? 0;
  return { adapter: adapter.key, steps, minutes: secondsOf(reports, steps, settings) / 60 };
}

/** Of the whole training, from its first steps: validations and steps apart, as each takes its own time. */
export function secondsOf(
  reports: readonly Pick<StepReport, "step" | "seconds" | "validation">[],
  steps: number,
  { num_epochs, evals_per_epoch }: Pick<AdapterSpec["settings"], "num_epochs" | "evals_per_epoch">,
): number {
  const before = reports.find(({ step }) => step === 0)?.seconds ?? 0;
  const plain = reports.flatMap(({ step, seconds, validation }, at) =>
    step > 1 && validation === null ? [seconds - reports[at - 1]!.seconds] : [],
  );
  const all = reports.flatMap(({ step, seconds }, at) =>
    step > 0 ? [seconds - (reports[at - 1]?.seconds ?? 0)] : [],
  );
  const some = plain.length > 0 ? plain : all;
  const perStep = some.reduce((sum, value) => sum + value, 0) / Math.max(1, some.length);
  const validations = 1 + Math.ceil(num_epochs * evals_per_epoch);
  return steps * perStep + validations * before;
}

/** The prompt as at answer time; in place of passages, which are not looked for here, as many words. */
function standIn({ project }: Context, { arm }: AdapterSpec, { prompt }: Example): Example["prompt"] {
  const rendered = renderPrompt(prompt, styleOf(project, arm));
  if (!retrieves(arm)) return rendered;
  const { chunk_tokens } = retrievalOf(project, arm);
  const letters = (project.config.raft.distractors + 1) * chunk_tokens * lettersPerPassageToken;
  const words = "The ferry leaves the north quay at seven and calls at each of the islands in turn. ";
  const last = rendered.at(-1)!;
  const filled = words.repeat(Math.ceil(letters / words.length)).slice(0, letters);
  return [...rendered.slice(0, -1), { ...last, content: `${filled}\n\n${last.content}` }];
}
