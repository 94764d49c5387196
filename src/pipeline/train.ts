import { isTunedArm, retrieves, type TunedArm } from "../arms/index.ts";
import type { Context } from "./context.ts";
import { checkDocuments } from "./steps/check-documents.ts";
import { indexDocuments } from "./steps/index-documents.ts";
import { prepare } from "./steps/prepare.ts";
import { runProject } from "./run-project.ts";
import { trainAdapter, type TrainedAdapter } from "./steps/train-adapter.ts";
import { buildTrainingExamples } from "./steps/training-examples.ts";

/** Trains one arm's adapter, or those of all arms that the config lists. */
export function train(context: Context, arm?: TunedArm): Promise<TrainedAdapter[]> {
  return runProject(context, async (parts) => {
    const arms = arm ? [arm] : context.project.config.arms.filter(isTunedArm);
    await parts.checkBaseModel();
    if (arms.some(retrieves)) await parts.checkEmbeddingModel();
    const examples = await prepare(context, true);
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
