import type {
  ChunkStore,
  Document,
  Embedder,
  IndexedDocument,
  LanguageCode,
  OnProgress,
} from "../contracts/index.ts";
import { chunkDocument, chunkText, parserVersion, type ChunkOptions } from "../documents/index.ts";

/** Chunks embedded between two changes of the store: what an interruption can cost, in work to be done again. */
const batchChunks = 250;

export interface IndexRequest {
  documents: Document[];
  store: ChunkStore;
  embedder: Embedder;
  chunking: ChunkOptions;
  onProgress?: OnProgress;
  signal?: AbortSignal;
}

export interface IndexCounts {
  added: number;
  changed: number;
  removed: number;
  unchanged: number;
  /** Embedded now. */
  chunks: number;
}

/** What an index depends on besides the documents: one made under another identity has to be made anew. */
export function indexIdentity(
  embedderIdentity: string,
  /** How documents are read and cut. */
  chunking: string,
  language: LanguageCode | undefined,
): string {
  return `${embedderIdentity} chunks:${chunking} parsers:${parserVersion} language:${language ?? "auto"} index:4`;
}

/**
 * Makes the store hold exactly `documents`: new and changed ones (by content hash) are chunked and embedded, those no
 * longer there are removed, the others are left alone. After an interruption the same call goes on from the last
 * batch that was stored.
 */
export async function indexDocuments(request: IndexRequest): Promise<IndexCounts> {
  const { documents, store, embedder, chunking, onProgress, signal } = request;
  const known = await store.documents();
  const present = new Set(documents.map(({ id }) => id));
  const remove = [...known.keys()].filter((id) => !present.has(id));
  const work = documents.filter(({ id, hash }) => known.get(id) !== hash);
  const prepared = work.map((document) => ({ document, chunks: chunkDocument(document, chunking) }));
  const total = prepared.reduce((sum, { chunks }) => sum + chunks.length, 0);

  if (remove.length > 0) await store.apply({ upsert: [], remove, more: true });
  let done = 0;
  for (const batch of batches(prepared)) {
    signal?.throwIfAborted();
    const chunks = batch.flatMap((each) => each.chunks);
    const vectors = await embedder.embed(chunks.map(chunkText), {
      as: "passage",
      ...(signal && { signal }),
      onProgress: (embedded) =>
        onProgress?.({ step: "Indexing passages", done: done + embedded, total, unit: "passages" }),
    });
    signal?.throwIfAborted();
    let taken = 0;
    const upsert = batch.map(({ document, chunks }): IndexedDocument => {
      const own = vectors.slice(taken, (taken += chunks.length));
      return { documentId: document.id, hash: document.hash, chunks, vectors: own };
    });
    await store.apply({ upsert, remove: [], more: true });
    done += chunks.length;
    onProgress?.({ step: "Indexing passages", done, total, unit: "passages" });
  }
  // Also where nothing changed: an interrupted run may have left this for later.
  await store.apply({ upsert: [], remove: [] });
  const changed = work.filter(({ id }) => known.has(id)).length;
  return {
    added: work.length - changed,
    changed,
    removed: remove.length,
    unchanged: documents.length - work.length,
    chunks: total,
  };
}

/** Whole documents, in order, until a batch has enough chunks. */
function* batches<Item extends { chunks: unknown[] }>(items: Item[]): Generator<Item[]> {
  let batch: Item[] = [];
  let size = 0;
  for (const item of items) {
    batch.push(item);
    size += item.chunks.length;
    if (size < batchChunks) continue;
    yield batch;
    batch = [];
    size = 0;
  }
  if (batch.length > 0) yield batch;
}
