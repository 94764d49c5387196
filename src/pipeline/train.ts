import { isTunedArm, retrieves, type TunedArm } from "../arms/index.ts";
import type { Context } from "./context.ts";
import { indexDocuments } from "./steps/index-documents.ts";
import { prepare } from "./steps/prepare.ts";
import { runProject } from "./run-project.ts";
import { trainAdapter, type TrainedAdapter } from "./steps/train-adapter.ts";
import { buildTrainingExamples } from "./steps/training-examples.ts";
import { warnOfUnknownDocuments } from "./steps/warn-of-unknown-documents.ts";

/** Trains one arm's adapter, or those of all arms that the config lists. */
export function train(context: Context, arm?: TunedArm): Promise<TrainedAdapter[]> {
  return runProject(context, async (parts) => {
    const prepared = await prepare(context, true);
    const arms = arm ? [arm] : context.project.config.arms.filter(isTunedArm);
    const indexed = arms.some(retrieves) ? await indexDocuments(context, parts) : undefined;
    if (indexed) warnOfUnknownDocuments(context.warn, prepared, indexed);
    const trained: TrainedAdapter[] = [];
    for (const name of arms) {
      const examples = await buildTrainingExamples(context, parts, name, prepared, indexed);
      trained.push(await trainAdapter(context, parts, name, examples));
    }
    return trained;
  });
}
