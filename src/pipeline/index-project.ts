import { LoragError } from "../contracts/index.ts";
import { watchFolder } from "../platform/index.ts";
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
