import { join } from "node:path";
import { retrieves } from "../../arms/index.ts";
import type { Chunk, Document, SkippedDocument } from "../../contracts/index.ts";
import { counted } from "../../text/index.ts";
import { chunkDocument, readDocuments } from "../../documents/index.ts";
import type { IndexCounts } from "../../retrieval/index.ts";
import { exists } from "../../platform/index.ts";
import { chunkingOf, parsingOf } from "../chunking.ts";
import type { Project } from "../config/read-project.ts";
import type { Context } from "../context.ts";
import { indexOf, indexesOf, type IndexSpec } from "../index-spec.ts";
import type { Parts } from "../parts.ts";
import { inStage, stageIds } from "../stage.ts";
import { checkLanguage } from "./check-language.ts";
import { forgetAnswers } from "./answer-questions.ts";
import { contextsStep, fingerprint, forgetSteps } from "./record.ts";
import { bringGraphUpToDate, graphFile } from "./update-graph.ts";

export interface IndexReport extends Omit<IndexCounts, "chunks"> {
  documents: number;
  chunks: number;
  skipped: SkippedDocument[];
  /** What parsers left out or were not sure of, in how many places: `lorag documents` lists them. */
  notes: number;
}

/** One index that is up to date. */
export interface IndexOutcome {
  spec: IndexSpec;
  /** Every passage of the index, by document id. */
  chunksOf: Map<string, Chunk[]>;
  /** Number of the state that it is in. */
  generation: number;
  /** Of everything that a search depends on. */
  fingerprint: string;
}

export interface IndexOutcomes {
  /** What became of the documents, in the project's own index. */
  report: IndexReport;
  /** By key. */
  indexes: Map<string, IndexOutcome>;
  /** What they hold. */
  documents: Document[];
}

/** What a search depends on: `documents` tells their contents apart, `identity` how they are cut and embedded. */
export const indexInputs = (documents: unknown, identity: string): unknown[] => [documents, identity];

/** Brings every index that the arms need up to date with the documents folder: what is unchanged is left alone. */
export async function updateIndexes(context: Context, parts: Parts): Promise<IndexOutcomes> {
  const { project, signal, strict } = context;
  const specs = indexesOf(project, project.arms);
  const { documents, skipped } = await readDocuments(project.documents, {
    strict,
    signal,
    onProgress: inStage(context, stageIds.reading).onProgress,
    parsing: parsingOf(project.config),
    sources: project.sources,
    cacheFolder: join(project.output, "parsed"),
  });
  warnOfSkipped(context, documents.length, skipped);
  const hashOf = new Map(documents.map(({ id, hash }) => [id, hash]));
  const isStale = ([id, hash]: [string, string]): boolean => hashOf.get(id) !== hash;
  const indexes = new Map<string, IndexOutcome>();
  let report: IndexReport | undefined;
  for (const spec of specs) {
    const { store } = await parts.index(spec);
    // First: an interruption in between must not leave them behind.
    if ([...(await store.documents())].some(isStale)) await forgetPassages(project);
    // A graph is kept up to date once there is one, so that it holds nothing of documents that are gone.
    const isWanted =
      project.arms.some((arm) => arm.context === "graph" && indexOf(project, arm).key === spec.key) ||
      (await exists(graphFile(spec.folder)));
    const { counts, ...outcome } = await updateOneIndex(context, parts, spec, documents);
    const { chunksOf } = outcome;
    if (isWanted) await bringGraphUpToDate(spec.folder, chunksOf, (await parts.index(spec)).embedder);
    const chunks = [...chunksOf.values()].reduce((sum, { length }) => sum + length, 0);
    report ??= { ...counts, documents: documents.length, chunks, skipped, notes: countNotes(documents) };
    indexes.set(spec.key, outcome);
  }
  checkLanguage(context, indexes.values().next().value!.chunksOf.values());
  return { report: report!, indexes, documents };
}

/** Brings one index up to date with documents that are read. */
export async function updateOneIndex(
  context: Context,
  parts: Parts,
  spec: IndexSpec,
  documents: Document[],
): Promise<IndexOutcome & { counts: IndexCounts }> {
  const { store, embedder, identity } = await parts.index(spec);
  const chunking = chunkingOf(spec, embedder);
  const { signal } = context;
  const { onProgress } = inStage(context, stageIds.indexing(spec.key));
  const counts = await parts.updateIndex({ documents, store, embedder, chunking, signal, onProgress });
  const chunksOf = new Map(documents.map((document) => [document.id, chunkDocument(document, chunking)]));
  const hashes = documents.map(({ id, hash }) => [id, hash]);
  const generation = (await store.generation())?.number ?? 0;
  return { spec, chunksOf, counts, generation, fingerprint: fingerprint(indexInputs(hashes, identity)) };
}

const countNotes = (documents: Document[]): number =>
  documents.reduce((sum, { warnings = [] }) => sum + warnings.length, 0);

/** What else holds text of documents that are gone or changed; a later run makes it anew. */
async function forgetPassages({ output, arms }: Project): Promise<void> {
  await forgetSteps(output, (step) => step.startsWith(contextsStep("")));
  const safe = arms.filter((arm) => !retrieves(arm)).map(({ name }) => name);
  await forgetAnswers(output, safe);
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
