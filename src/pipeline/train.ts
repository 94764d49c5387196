import { LoragError, type ArmSpec } from "../contracts/index.ts";
import { adaptersOf, variantsOf } from "./adapter-spec.ts";
import { configFile } from "./config/read-project.ts";
import type { Context } from "./context.ts";
import { findArm } from "./find-arm.ts";
import { planTraining } from "../training/index.ts";
import { beginTraining, examplesOf, trainOne } from "./run.ts";
import { runProject } from "./run-project.ts";
import type { TrainedAdapter } from "./steps/ensure-adapter.ts";

/**
 * Trains one arm's adapter, or those of all arms that the config lists.
 * Throws LORAG_NOTHING_TO_TRAIN, LORAG_UNKNOWN_ARM.
 */
export async function train(context: Context, name?: string): Promise<TrainedAdapter[]> {
  const { project } = context;
  const named = name === undefined ? project.arms : [findArm(project, name)];
  const arms = named.filter(({ tuning }) => tuning !== undefined);
  if (arms.length === 0) throw nothingToTrain(named);
  const variants = variantsOf(project, { curve: false });
  return runProject(context, async (parts) => {
    const run = await beginTraining(context, parts, arms, variants);
    const trained: TrainedAdapter[] = [];
    for (const adapter of adaptersOf(project, arms, variants)) trained.push(await trainOne(run, adapter));
    return trained;
  });
}

/** What one adapter's training will take, if it is not stopped early. */
export interface TrainingForecast {
  name: string;
  steps: number;
  seconds: number;
  peakBytes: number;
  cost: number;
  currency: string;
}

/**
 * The same trainings, measured by a few passes each, before anything is trained. Throws LORAG_NOTHING_TO_TRAIN,
 * LORAG_UNKNOWN_ARM, LORAG_NOT_TUNABLE.
 */
export async function forecastTraining(context: Context, name?: string): Promise<TrainingForecast[]> {
  const { project } = context;
  const named = name === undefined ? project.arms : [findArm(project, name)];
  const arms = named.filter(({ tuning }) => tuning !== undefined);
  if (arms.length === 0) throw nothingToTrain(named);
  return forecastArms(context, arms);
}

/** Of each adapter that these tuned arms answer with. */
export async function forecastArms(context: Context, arms: ArmSpec[]): Promise<TrainingForecast[]> {
  const { project, signal } = context;
  const { cpu_hour: hour, currency } = project.config.prices;
  return runProject(context, async (parts) => {
    const run = await beginTraining(context, parts, arms);
    const forecasts: TrainingForecast[] = [];
    for (const adapter of adaptersOf(project, arms)) {
      const examples = await examplesOf(run, adapter);
      const model = await parts.localModel(adapter.model);
      const { steps, seconds, peakBytes } = await planTraining({ ...adapter, ...examples, model, signal });
      forecasts.push({
        name: adapter.key,
        steps,
        seconds,
        peakBytes,
        cost: (seconds / 3600) * hour,
        currency,
      });
    }
    return forecasts;
  });
}

function nothingToTrain(arms: ArmSpec[]): LoragError {
  const names = arms.map(({ name }) => name);
  return new LoragError({
    code: "LORAG_NOTHING_TO_TRAIN",
    kind: "config",
    message: `Of the arms in ${configFile}, ${names.join(" and ")}, none is trained`,
    next: "Add tuned or tuned-rag to `arms`, or name one of them: `lorag train tuned`.",
  });
}
