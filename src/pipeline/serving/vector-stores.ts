import { join } from "node:path";
import {
  LoragError,
  type FileStore,
  type Retrieve,
  type StoredFile,
  type VectorStore,
  type VectorStoreFile,
  type VectorStores,
} from "../../contracts/index.ts";
import { chunkDocument, chunkText, readFiles } from "../../documents/index.ts";
import { createInTurn, exists, makeFolder, removePath } from "../../platform/index.ts";
import { chunkingOf, parsingOf } from "../chunking.ts";
import type { Context } from "../context.ts";
import { indexOf, retrievalOf, type IndexSpec } from "../index-spec.ts";
import type { Parts } from "../parts.ts";
import { nowSeconds, openRecords } from "./records.ts";

/**
 * Vector stores of uploaded files, cut and embedded as the project's documents are, and the project's own index, which
 * has the project's name. `folder` holds a record of each and its index.
 */
export function openVectorStores(
  context: Context,
  parts: Parts,
  files: FileStore,
  folder: string,
): VectorStores & { close(): Promise<void> } {
  const { project } = context;
  const records = openRecords<VectorStore>(folder, "vs_");
  const inTurn = createInTurn();
  const closing = new AbortController();
  const retrievers = new Map<string, Retrieve>();
  const spec = ({ id, isProject }: VectorStore): IndexSpec =>
    isProject ? indexOf(project) : { ...indexOf(project), key: id, folder: join(folder, id, "index") };
  const projectStore = async (): Promise<VectorStore[]> =>
    (await exists(indexOf(project).folder))
      ? [
          {
            id: project.name,
            owner: "",
            name: `${project.name}: documents`,
            created: 0,
            files: [],
            isProject: true,
          },
        ]
      : [];

  /** Changes the record of a store as it is then; one that is gone stays gone. */
  const change = async (
    { owner, id }: VectorStore,
    how: (store: VectorStore) => VectorStore,
  ): Promise<void> => {
    const store = await records.get(owner, id);
    if (store) await records.put(how(store));
  };
  const setFile = (store: VectorStore, file: VectorStoreFile): Promise<void> =>
    change(store, (now) => ({ ...now, files: now.files.map((each) => (each.id === file.id ? file : each)) }));

  const open = async (store: VectorStore) => {
    const own = spec(store);
    await makeFolder(own.folder);
    return { own, ...(await parts.index(own)) };
  };
  /** The whole file or nothing of it is in the index. */
  const index = async (store: VectorStore, entry: VectorStoreFile, source: StoredFile): Promise<void> => {
    const name = `${entry.id}/${entry.filename}`;
    const read = async () => ({ bytes: await files.read(source), name: entry.filename });
    try {
      const { signal } = closing;
      const { documents, skipped } = await readFiles([{ id: name, read }], {
        parsing: parsingOf(project.config),
        signal,
      });
      if (skipped[0]) throw unreadable(skipped[0].reason);
      const { own, store: chunks, embedder } = await open(store);
      const others = await chunks.documents();
      const cut = chunkDocument(documents[0]!, chunkingOf(own, embedder));
      const vectors = await embedder.embed(cut.map(chunkText), { as: "passage", signal });
      const upsert = [{ documentId: name, hash: documents[0]!.hash, chunks: cut, vectors }];
      if (!others.has(name)) await chunks.apply({ upsert, remove: [] });
      await setFile(store, { ...entry, status: "completed" });
    } catch (error) {
      if (closing.signal.aborted) return;
      const told = error instanceof LoragError && error.code === "LORAG_FILE_UNREADABLE";
      if (!told)
        context.warn({ code: "LORAG_STORE_FILE", message: `A file was not indexed: ${String(error)}` });
      const why = told ? error.message : "The file could not be indexed; the server's log says why.";
      await setFile(store, { ...entry, status: "failed", error: why });
    }
  };

  const attach = async (store: VectorStore, file: StoredFile, batch?: string): Promise<VectorStoreFile> => {
    const known = store.files.find(({ id }) => id === file.id);
    const own = batch === undefined ? {} : { batch };
    if (known && known.status !== "failed") {
      if (batch !== undefined) await inTurn(() => setFile(store, { ...known, ...own }));
      return { ...known, ...own };
    }
    const { id, filename, bytes } = file;
    const entry: VectorStoreFile = {
      id,
      filename,
      bytes,
      created: nowSeconds(),
      status: "in_progress",
      ...own,
    };
    await inTurn(() =>
      change(store, (now) => ({ ...now, files: [...now.files.filter((each) => each.id !== id), entry] })),
    );
    void inTurn(() => index(store, entry, file));
    return entry;
  };
  const get = async (owner: string, id: string): Promise<VectorStore | undefined> =>
    id === project.name ? (await projectStore())[0] : records.get(owner, id);

  return {
    get,
    attach,
    list: async (owner) => [...(await records.list(owner)), ...(await projectStore())],
    async create(owner, given, added) {
      const store = { ...given, id: records.newId(), owner, created: nowSeconds(), files: [] };
      await records.put(store);
      for (const file of added) await attach((await records.get(owner, store.id))!, file);
      return (await records.get(owner, store.id))!;
    },
    async update(store, changes) {
      await inTurn(() => change(store, (now) => ({ ...now, ...changes })));
      return { ...store, ...changes };
    },
    detach: (store, fileId) =>
      inTurn(async () => {
        const entry = store.files.find(({ id }) => id === fileId);
        if (entry?.status === "completed") {
          await (await open(store)).store.apply({ upsert: [], remove: [`${fileId}/${entry.filename}`] });
        }
        await change(store, (now) => ({ ...now, files: now.files.filter(({ id }) => id !== fileId) }));
      }),
    remove: async (store) => {
      // At once for clients; what it held goes when nobody writes to it.
      await records.remove(store.id);
      retrievers.delete(store.id);
      void inTurn(() => removePath(join(folder, store.id)));
    },
    async search(store, query, limit) {
      if (!store.isProject && !store.files.some(({ status }) => status === "completed")) return [];
      const retrieve =
        retrievers.get(store.id) ??
        parts.retrieve({ index: spec(store), settings: retrievalOf(project, {}) });
      retrievers.set(store.id, retrieve);
      return retrieve(query, limit);
    },
    close: async () => {
      closing.abort();
      await inTurn(async () => {});
    },
  };
}

function unreadable(reason: string): LoragError {
  return new LoragError({
    code: "LORAG_FILE_UNREADABLE",
    kind: "data",
    message: reason,
    next: "Send another file.",
  });
}
