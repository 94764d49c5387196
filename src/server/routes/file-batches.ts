import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Storage, VectorStore, VectorStoreFile } from "../../contracts/index.ts";
import { ApiError } from "../api-error.ts";
import { page } from "../page.ts";
import { route, type Call, type Route } from "../route.ts";
import { findFile } from "./files.ts";
import { countsOf, describeStoreFile, findOwnStore, findStore } from "./vector-stores.ts";
import { fileBatchReply, listOf, storeFileReply } from "../replies.ts";

const batchBody = z
  .looseObject({
    file_ids: z.array(z.string()).min(1).max(500).nullish(),
    files: z
      .array(z.looseObject({ file_id: z.string() }))
      .min(1)
      .max(500)
      .nullish(),
  })
  .refine(({ file_ids, files }) => (file_ids ?? files) != null, { path: ["file_ids"], error: "is missing" });
/** Several files that are added to a vector store at once. */
export const fileBatchRoutes = ({ stores, files }: Storage): Route[] => [
  route({
    method: "POST",
    path: "/v1/vector_stores/{id}/file_batches",
    summary: "Adds several files",
    returns: fileBatchReply,
    body: batchBody,
    handle: async (call) => {
      const store = await findOwnStore(stores, call.key, call.params["id"]!);
      const ids = call.body.file_ids ?? call.body.files!.map(({ file_id }) => file_id);
      const given = await Promise.all(ids.map((id) => findFile(files, call.key.name, id, "file_ids")));
      const batch = `vsfb_${randomUUID().replaceAll("-", "").slice(0, 24)}`;
      const added: VectorStoreFile[] = [];
      for (const file of given)
        added.push(await stores.attach(await findStore(stores, call.key, call.params["id"]!), file, batch));
      return Response.json(describeBatch(store, batch, added));
    },
  }),
  {
    method: "GET",
    path: "/v1/vector_stores/{id}/file_batches/{batch}",
    summary: "How far several files that were added are",
    returns: fileBatchReply,
    handle: async (call) => {
      const store = await findStore(stores, call.key, call.params["id"]!);
      return Response.json(describeBatch(store, call.params["batch"]!, batchOf(store, call)));
    },
  },
  {
    method: "GET",
    path: "/v1/vector_stores/{id}/file_batches/{batch}/files",
    summary: "Which they are",
    returns: listOf(storeFileReply),
    handle: async (call) => {
      const store = await findStore(stores, call.key, call.params["id"]!);
      const added = batchOf(store, call).toReversed();
      return page(
        added.map((file) => describeStoreFile(store, file)),
        call.query,
      );
    },
  },
];

function batchOf({ files }: VectorStore, { params }: Call): VectorStoreFile[] {
  const added = files.filter(({ batch }) => batch === params["batch"]);
  if (added.length > 0) return added;
  throw new ApiError(404, "batch_not_found", "The vector store has no such batch of files.");
}

const describeBatch = (store: VectorStore, id: string, files: readonly VectorStoreFile[]): object => ({
  id,
  object: "vector_store.files_batch",
  created_at: Math.min(...files.map(({ created }) => created)),
  vector_store_id: store.id,
  status: files.some(({ status }) => status === "in_progress") ? "in_progress" : "completed",
  file_counts: countsOf(files),
});
