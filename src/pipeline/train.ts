import { isTunedArm, retrieves, type TunedArm } from "../arms/index.ts";
import { LoragError, type ArmName } from "../contracts/index.ts";
import { configFile } from "./config/read-project.ts";
import type { Context } from "./context.ts";
import { checkDocuments } from "./steps/check-documents.ts";
import { indexDocuments } from "./steps/index-documents.ts";
import { prepare } from "./steps/prepare.ts";
import { runProject } from "./run-project.ts";
import { trainAdapter, type TrainedAdapter } from "./steps/train-adapter.ts";
import { buildTrainingExamples } from "./steps/training-examples.ts";

/** Trains one arm's adapter, or those of all arms that the config lists. Throws LORAG_NOTHING_TO_TRAIN. */
export async function train(context: Context, arm?: TunedArm): Promise<TrainedAdapter[]> {
  const { arms: listed } = context.project.config;
  const arms = arm ? [arm] : listed.filter(isTunedArm);
  if (arms.length === 0) throw nothingToTrain(listed);
  return runProject(context, async (parts) => {
    await parts.checkBaseModel();
    if (arms.some(retrieves)) await parts.checkEmbeddingModel();
    const examples = await prepare(context, true);
    if (arms.some(retrieves)) await parts.fetchBaseModel();
    const indexed = arms.some(retrieves) ? await indexDocuments(context, parts) : undefined;
    const prepared = indexed ? checkDocuments(context.warn, examples, indexed) : examples;
    const trained: TrainedAdapter[] = [];
    for (const name of arms) {
      const encoded = await buildTrainingExamples(context, parts, name, prepared, indexed);
      trained.push(await trainAdapter(context, parts, name, encoded));
    }
    return trained;
  });
}

function nothingToTrain(arms: ArmName[]): LoragError {
  return new LoragError({
    code: "LORAG_NOTHING_TO_TRAIN",
    kind: "config",
    message: `Of the arms in ${configFile}, ${arms.join(" and ")}, none is trained`,
    next: "Add tuned or tuned-rag to `arms`, or name one of them: `lorag train tuned`.",
  });
}
