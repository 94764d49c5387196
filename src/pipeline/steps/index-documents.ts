import { join } from "node:path";
import { retrieves } from "../../arms/index.ts";
import { armNames, type Chunk, type SkippedDocument } from "../../contracts/index.ts";
import { counted } from "../../text/index.ts";
import { chunkDocument, readDocuments } from "../../documents/index.ts";
import type { IndexCounts } from "../../retrieval/index.ts";
import { exists } from "../../platform/index.ts";
import type { Parts } from "../parts.ts";
import type { Context } from "../context.ts";
import { checkLanguage } from "./check-language.ts";
import { forgetAnswers } from "./answer-questions.ts";
import { fingerprint, forgetStep } from "./record.ts";
import { bringGraphUpToDate, graphFile } from "./update-graph.ts";

export interface IndexReport extends Omit<IndexCounts, "chunks"> {
  documents: number;
  chunks: number;
  skipped: SkippedDocument[];
}

export interface IndexOutcome {
  report: IndexReport;
  /** Every passage of the index, by document id. */
  chunksOf: Map<string, Chunk[]>;
  /** Of everything that a search depends on. */
  fingerprint: string;
}

/** Brings the index up to date with the documents folder: what is unchanged is left alone. */
export async function indexDocuments(context: Context, parts: Parts): Promise<IndexOutcome> {
  const { project, signal, strict, onProgress } = context;
  const { retrieval } = project.config;
  const { documents, skipped } = await readDocuments(project.documents, {
    strict,
    signal,
    onProgress,
    cacheFolder: join(project.output, "parsed"),
  });
  warnOfSkipped(context, documents.length, skipped);
  const embedder = await parts.embedder();
  const store = await parts.store();
  const hashOf = new Map(documents.map(({ id, hash }) => [id, hash]));
  const isStale = ([id, hash]: [string, string]): boolean => hashOf.get(id) !== hash;
  // First: an interruption in between must not leave them behind.
  if ([...(await store.documents())].some(isStale)) await forgetPassages(project.output);
  const targetTokens = retrieval.chunk_tokens;
  const counts = await parts.updateIndex({ documents, store, embedder, targetTokens, signal, onProgress });

  const chunksOf = new Map(
    documents.map((document) => [document.id, chunkDocument(document, { targetTokens })]),
  );
  checkLanguage(context, chunksOf.values());
  // A graph is kept up to date once there is one, so that it holds nothing of documents that are gone.
  if (await exists(graphFile(project.output))) {
    await bringGraphUpToDate(project.output, chunksOf, embedder);
  }
  const chunks = [...chunksOf.values()].reduce((sum, { length }) => sum + length, 0);
  return {
    report: { ...counts, documents: documents.length, chunks, skipped },
    chunksOf,
    fingerprint: fingerprint([...hashOf], parts.indexIdentity(embedder), retrieval.mode),
  };
}

/** What else holds text of documents that are gone or changed; a later run makes it anew. */
async function forgetPassages(output: string): Promise<void> {
  await forgetStep(output, "raft");
  for (const arm of armNames) if (retrieves(arm)) await forgetAnswers(output, arm);
}

/** A warning each; the report of `lorag index` has the others. */
const mostNamed = 10;

function warnOfSkipped(context: Context, used: number, skipped: SkippedDocument[]): void {
  for (const { id, reason } of skipped.slice(0, mostNamed)) {
    context.warn({ code: "LORAG_SKIPPED_DOCUMENT", message: `Skipped ${id}: ${reason}` });
  }
  if (skipped.length > 0) {
    const all = `of ${counted(used + skipped.length, "document")}`;
    const were = counted(skipped.length, `${all} was`, `${all} were`);
    const where = skipped.length > mostNamed ? " (`lorag index` lists them all)" : "";
    context.warn({
      code: "LORAG_SKIPPED_DOCUMENTS",
      message: `${were} skipped${where}; --strict makes that an error.`,
    });
  }
}
