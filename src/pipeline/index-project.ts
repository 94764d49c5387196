import { LoragError } from "../contracts/index.ts";
import { retrieves } from "../arms/index.ts";
import { isCompleteFolder, watchFolder } from "../platform/index.ts";
import { searchedIndex } from "./adapter-spec.ts";
import type { Project } from "./config/read-project.ts";
import type { Context } from "./context.ts";
import { indexesOf, type IndexSpec } from "./index-spec.ts";
import { runProject } from "./run-project.ts";
import { updateIndexes, updateOneIndex, type IndexReport } from "./steps/update-indexes.ts";

/** Brings the project's indexes up to date with its documents. */
export function index(context: Context): Promise<IndexReport> {
  return runProject(context, async (parts) => {
    for (const spec of indexesOf(context.project, context.project.arms))
      await parts.checkEmbeddingModel(spec);
    const { report, documents } = await updateIndexes(context, parts);
    for (const spec of await tunedIndexes(context.project))
      await updateOneIndex(context, parts, spec, documents);
    return report;
  });
}

/** Those by embedding models that were tuned before. */
async function tunedIndexes(project: Project): Promise<IndexSpec[]> {
  const specs = project.arms.filter(retrieves).map((arm) => searchedIndex(project, arm));
  const isThere = await Promise.all(
    specs.map(async ({ tuned }) => tuned !== undefined && (await isCompleteFolder(tuned))),
  );
  return [...new Map(specs.filter((_, i) => isThere[i]).map((spec) => [spec.key, spec])).values()];
}

/**
 * `index`, now and after each change in the documents folder, until the signal is aborted. What goes wrong with a
 * change is told and waited out: the next change may mend it. The first time it is thrown.
 */
export async function* watchIndex(context: Context): AsyncGenerator<IndexReport | LoragError> {
  const { project, signal } = context;
  const over = new AbortController();
  // Watched from before the first look, so that nothing saved in between is missed.
  const changes = watchFolder(project.documents, AbortSignal.any([signal, over.signal]));
  const next = changes.next();
  // Its failure is thrown below, if nothing else is before.
  next.catch(() => {});
  try {
    yield await index(context);
    for (let change = await next; change.done !== true; change = await changes.next()) {
      try {
        yield await index(context);
      } catch (error) {
        if (!(error instanceof LoragError) || signal.aborted) throw error;
        yield error;
      }
    }
  } finally {
    over.abort();
  }
}
