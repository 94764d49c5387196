import { z } from "zod";
import type {
  ApiKey,
  Hit,
  Storage,
  VectorStore,
  VectorStoreFile,
  VectorStores,
} from "../../contracts/index.ts";
import { fileOf } from "../annotations.ts";
import { ApiError } from "../api-error.ts";
import { mayUse } from "../keys.ts";
import { page } from "../page.ts";
import { route, type Call, type Route, type ServerParts } from "../route.ts";
import { findFile } from "./files.ts";
import { deletedOf, listOf, searchReply, storeFileReply, storeReply } from "../replies.ts";

const metadata = z
  .record(z.string().max(64), z.string().max(512))
  .refine((given) => Object.keys(given).length <= 16, "holds at most 16 keys")
  .nullish();
const changesBody = z.looseObject({ name: z.string().max(256).nullish(), metadata });
const storeBody = changesBody.extend({ file_ids: z.array(z.string()).max(500).nullish() });
const storeFileBody = z.looseObject({ file_id: z.string() });
const searchBody = z.looseObject({
  query: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(8)]),
  max_num_results: z.int().min(1).max(50).nullish(),
});

export function vectorStoreRoutes({ admission }: ServerParts, { stores, files }: Storage): Route[] {
  const find = ({ key, params }: Call): Promise<VectorStore> => findStore(stores, key, params["id"]!);
  const findOwn = (call: Call): Promise<VectorStore> => findOwnStore(stores, call.key, call.params["id"]!);
  const fileOf = (store: VectorStore, { params }: Call): VectorStoreFile => {
    const file = store.files.find(({ id }) => id === params["file"]);
    if (file) return file;
    throw new ApiError(404, "file_not_found", "The vector store has no such file.");
  };
  return [
    route({
      method: "POST",
      path: "/v1/vector_stores",
      summary: "Makes a vector store of files",
      returns: storeReply,
      body: storeBody,
      handle: async ({ body, key }) => {
        const given = await Promise.all(
          (body.file_ids ?? []).map((id) => findFile(files, key.name, id, "file_ids")),
        );
        const named = { name: body.name ?? "", ...(body.metadata && { metadata: body.metadata }) };
        return Response.json(describeStore(await stores.create(key.name, named, given)));
      },
    }),
    route({
      method: "POST",
      path: "/v1/vector_stores/{id}",
      summary: "Changes a vector store's name and metadata",
      returns: storeReply,
      body: changesBody,
      handle: async (call) => {
        const { name, metadata: noted } = call.body;
        const changes = { ...(name != null && { name }), ...(noted && { metadata: noted }) };
        return Response.json(describeStore(await stores.update(await findOwn(call), changes)));
      },
    }),
    {
      method: "GET",
      path: "/v1/vector_stores",
      summary: "The vector stores, the project's own documents among them",
      returns: listOf(storeReply),
      handle: async ({ key, query }) => {
        const seen = (await stores.list(key.name)).filter(({ id }) => mayUse(key, id));
        return page(seen.map(describeStore), query);
      },
    },
    {
      method: "GET",
      path: "/v1/vector_stores/{id}",
      summary: "One vector store",
      returns: storeReply,
      handle: async (call) => Response.json(describeStore(await find(call))),
    },
    {
      method: "DELETE",
      path: "/v1/vector_stores/{id}",
      summary: "Deletes a vector store; its files are kept",
      returns: deletedOf("vector_store.deleted"),
      handle: async (call) => {
        const store = await findOwn(call);
        await stores.remove(store);
        return Response.json({ id: store.id, object: "vector_store.deleted", deleted: true });
      },
    },
    route({
      method: "POST",
      path: "/v1/vector_stores/{id}/files",
      summary: "Adds a file, which is indexed from then on",
      returns: storeFileReply,
      body: storeFileBody,
      handle: async (call) => {
        const store = await findOwn(call);
        const file = await findFile(files, call.key.name, call.body.file_id, "file_id");
        return Response.json(describeStoreFile(store, await stores.attach(store, file)));
      },
    }),
    {
      method: "GET",
      path: "/v1/vector_stores/{id}/files",
      summary: "The files of a vector store",
      returns: listOf(storeFileReply),
      handle: async (call) => {
        const store = await find(call);
        const status = call.query.get("filter");
        const files = store.files.filter((file) => status === null || file.status === status).toReversed();
        return page(
          files.map((file) => describeStoreFile(store, file)),
          call.query,
        );
      },
    },
    {
      method: "GET",
      path: "/v1/vector_stores/{id}/files/{file}",
      summary: "One of them",
      returns: storeFileReply,
      handle: async (call) => {
        const store = await find(call);
        return Response.json(describeStoreFile(store, fileOf(store, call)));
      },
    },
    {
      method: "DELETE",
      path: "/v1/vector_stores/{id}/files/{file}",
      summary: "Takes a file out of a vector store",
      returns: deletedOf("vector_store.file.deleted"),
      handle: async (call) => {
        const store = await findOwn(call);
        const { id } = fileOf(store, call);
        await stores.detach(store, id);
        return Response.json({ id, object: "vector_store.file.deleted", deleted: true });
      },
    },
    route({
      method: "POST",
      path: "/v1/vector_stores/{id}/search",
      summary: "The passages that are nearest to a question",
      returns: searchReply,
      body: searchBody,
      handle: async (call) => {
        const store = await find(call);
        const { query, max_num_results: most } = call.body;
        const asked = typeof query === "string" ? [query] : query;
        const leave = await admission.enter(call.request.signal, call.key);
        try {
          const found = await searchAll(stores, [store], asked, most ?? 10);
          const data = found.map(describeHit);
          return Response.json({
            object: "vector_store.search_results.page",
            search_query: asked,
            data,
            has_more: false,
            next_page: null,
          });
        } finally {
          leave();
        }
      },
    }),
  ];
}

/** Throws ApiError 404. */
export async function findStore(stores: VectorStores, key: ApiKey, id: string): Promise<VectorStore> {
  const found = mayUse(key, id) ? await stores.get(key.name, id) : undefined;
  if (found) return found;
  const message = `There is no vector store ${JSON.stringify(id.slice(0, 100))} here.`;
  throw new ApiError(404, "vector_store_not_found", message);
}

/** One that may be changed. Throws ApiError 404, 403. */
export async function findOwnStore(stores: VectorStores, key: ApiKey, id: string): Promise<VectorStore> {
  const store = await findStore(stores, key, id);
  if (!store.isProject) return store;
  const message = "The project's own documents are changed on its machine, with `lorag index`.";
  throw new ApiError(403, "read_only", message);
}

/** The best hits of all, each once: the lists are merged by rank, as scores of different stores are no common measure. */
export async function searchAll(
  stores: VectorStores,
  wanted: readonly VectorStore[],
  queries: readonly string[],
  limit: number,
): Promise<Hit[]> {
  const lists = await Promise.all(
    wanted.flatMap((store) => queries.map((query) => stores.search(store, query, limit))),
  );
  const merged = new Map<string, Hit>();
  for (let rank = 0; rank < limit; rank++) {
    for (const list of lists) {
      const hit = list[rank];
      if (hit && !merged.has(hit.chunk.id)) merged.set(hit.chunk.id, hit);
    }
  }
  return [...merged.values()].slice(0, limit);
}

const describeHit = (hit: Hit): object => ({
  ...fileOf(hit.chunk.documentId),
  score: hit.score,
  attributes: {},
  content: [{ type: "text", text: hit.chunk.text }],
});

/** As clients are told them. */
export function countsOf(files: readonly VectorStoreFile[]) {
  const count = (status: string): number => files.filter((file) => file.status === status).length;
  return {
    in_progress: count("in_progress"),
    completed: count("completed"),
    failed: count("failed"),
    cancelled: 0,
    total: files.length,
  };
}

function describeStore({ id, name, metadata: noted, created, files }: VectorStore): { id: string } {
  const counts = countsOf(files);
  const store = {
    id,
    object: "vector_store",
    created_at: created,
    name,
    usage_bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    file_counts: counts,
    status: counts.in_progress > 0 ? "in_progress" : "completed",
    metadata: noted ?? {},
    last_active_at: created,
  };
  return store;
}

export function describeStoreFile(
  store: VectorStore,
  { id, bytes, created, status, error }: VectorStoreFile,
): { id: string } {
  const file = {
    id,
    object: "vector_store.file",
    created_at: created,
    usage_bytes: bytes,
    vector_store_id: store.id,
    status,
    last_error: error === undefined ? null : { code: "invalid_file", message: error },
  };
  return file;
}
