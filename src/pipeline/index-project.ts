import type { Context } from "./context.ts";
import { indexesOf } from "./index-spec.ts";
import { runProject } from "./run-project.ts";
import { updateIndexes, type IndexReport } from "./steps/update-indexes.ts";

/** Brings the project's indexes up to date with its documents. */
export function index(context: Context): Promise<IndexReport> {
  return runProject(context, async (parts) => {
    for (const spec of indexesOf(context.project, context.project.arms))
      await parts.checkEmbeddingModel(spec);
    return (await updateIndexes(context, parts)).report;
  });
}
