import type { Chunk, Document, IndexedDocument, SkippedDocument } from "../../contracts/index.ts";
import { chunkDocument, chunkHeader, parserVersion, readDocuments } from "../../documents/index.ts";
import type { Parts } from "../assemble.ts";
import type { Context } from "../context.ts";
import { fingerprint } from "./record.ts";

export interface IndexReport {
  documents: number;
  chunks: number;
  added: number;
  changed: number;
  removed: number;
  unchanged: number;
  skipped: SkippedDocument[];
}

export interface IndexOutcome {
  report: IndexReport;
  /** Every passage of the index, by document id. */
  chunksOf: Map<string, Chunk[]>;
  /** Of everything that a search depends on. */
  fingerprint: string;
}

/** How many passages are embedded and stored at a time: what a run that is cut off loses at most. */
const chunksAtOnce = 2000;

/**
 * Brings the index up to date with the documents folder: new and changed documents are cut, embedded and stored,
 * vanished ones are removed, unchanged ones are left alone. A document whose parser, passage size or embedder
 * changed counts as changed.
 */
export async function indexDocuments(context: Context, parts: Parts): Promise<IndexOutcome> {
  const { project, signal, strict, onProgress } = context;
  const { retrieval, embedding_model } = project.config;
  const { documents, skipped } = await readDocuments(project.documents, { strict, signal, onProgress });
  warnOfSkipped(context, documents.length, skipped);

  const settings = [parserVersion, retrieval.chunk_tokens, embedding_model];
  const versions = new Map(documents.map(({ id, hash }) => [id, fingerprint(hash, settings)]));
  const chunksOf = new Map(
    documents.map((document) => [
      document.id,
      chunkDocument(document, { targetTokens: retrieval.chunk_tokens }),
    ]),
  );
  const store = await parts.store();
  const known = await store.documents();
  const added = documents.filter(({ id }) => !known.has(id));
  const changed = documents.filter(({ id }) => known.has(id) && known.get(id) !== versions.get(id));
  const remove = [...known.keys()].filter((id) => !versions.has(id));
  const work = [...added, ...changed];
  const total = work.reduce((sum, { id }) => sum + chunksOf.get(id)!.length, 0);

  let done = 0;
  if (remove.length > 0) await store.apply({ upsert: [], remove });
  for (const group of groupByChunks(work, chunksOf)) {
    const texts = group.flatMap(({ id }) => chunksOf.get(id)!.map(passageText));
    const embedder = await parts.embedder();
    const vectors = await embedder.embed(texts, {
      signal,
      onProgress: (embedded) =>
        onProgress({ step: "Indexing passages", done: done + embedded, total, unit: "passages" }),
    });
    signal.throwIfAborted();
    const queue = vectors.values();
    const upsert = group.map(({ id }): IndexedDocument => {
      const chunks = chunksOf.get(id)!;
      return {
        documentId: id,
        hash: versions.get(id)!,
        chunks,
        vectors: chunks.map(() => queue.next().value!),
      };
    });
    await store.apply({ upsert, remove: [] });
    done += texts.length;
  }

  return {
    report: {
      documents: documents.length,
      chunks: [...chunksOf.values()].reduce((sum, chunks) => sum + chunks.length, 0),
      added: added.length,
      changed: changed.length,
      removed: remove.length,
      unchanged: documents.length - work.length,
      skipped,
    },
    chunksOf,
    fingerprint: fingerprint([...versions], retrieval),
  };
}

/** What is embedded and searched: the headings give a passage its context. */
const passageText = (chunk: Chunk): string => `${chunkHeader(chunk)}\n${chunk.text}`;

function* groupByChunks(documents: Document[], chunksOf: Map<string, Chunk[]>): Generator<Document[]> {
  let group: Document[] = [];
  let size = 0;
  for (const document of documents) {
    group.push(document);
    size += chunksOf.get(document.id)!.length;
    if (size < chunksAtOnce) continue;
    yield group;
    group = [];
    size = 0;
  }
  if (group.length > 0) yield group;
}

function warnOfSkipped(context: Context, used: number, skipped: SkippedDocument[]): void {
  for (const { id, reason } of skipped.slice(0, 10)) {
    context.warn({ code: "LORAG_SKIPPED_DOCUMENT", message: `Skipped ${id}: ${reason}` });
  }
  if (skipped.length > 0) {
    context.warn({
      code: "LORAG_SKIPPED_DOCUMENTS",
      message: `${skipped.length} of ${used + skipped.length} documents were skipped; --strict makes that an error.`,
    });
  }
}
