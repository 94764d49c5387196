import { usesModel } from "../arms/index.ts";
import { describeMachine, freeBytes, cacheFolder } from "../platform/index.ts";
import { assemble } from "./assemble.ts";
import type { Context } from "./context.ts";
import { forecastArms, type TrainingForecast } from "./train.ts";

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
  trainings: TrainingForecast[];
}

const gigabyte = 2 ** 30;
const answerTokens = 48;

/**
 * Asks each local model for one answer, and forecasts the training of each adapter, for which documents are indexed where
 * passages are shown. Fetches models that are not here.
 */
export async function measureFit(context: Context): Promise<Fit> {
  const { project } = context;
  const names = new Set(project.arms.filter(usesModel).map(({ model }) => project.modelName(model)));
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
  const tuned = project.arms.filter(
    ({ tuning, model }) => tuning !== undefined && typeof project.entryOf(model) === "string",
  );
  const trainings = tuned.length > 0 ? await forecastArms(context, tuned) : [];
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
