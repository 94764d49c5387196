import type { Context } from "./context.ts";
import { indexDocuments, type IndexReport } from "./steps/index-documents.ts";
import { runProject } from "./run-project.ts";

/** Brings the project's index up to date with its documents. */
export function index(context: Context): Promise<IndexReport> {
  return runProject(context, async (parts) => {
    await parts.checkEmbeddingModel();
    return (await indexDocuments(context, parts)).report;
  });
}
