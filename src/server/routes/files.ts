import type { FileStore, StoredFile } from "../../contracts/index.ts";
import { ApiError } from "../api-error.ts";
import { page } from "../page.ts";
import type { Call, Route } from "../route.ts";
import { deletedOf, fileReply, listOf } from "../replies.ts";

const purposes = ["fine-tune", "assistants", "user_data", "batch", "vision", "evals"];

export function fileRoutes(files: FileStore): Route[] {
  const find = ({ key, params }: Call): Promise<StoredFile> => findFile(files, key.name, params["id"]!);
  return [
    {
      method: "POST",
      path: "/v1/files",
      summary: "Keeps a file",
      returns: fileReply,
      isUpload: true,
      handle: async ({ key, body }) => {
        const form = body as FormData;
        const file = form.get("file");
        const purpose = form.get("purpose");
        if (!(file instanceof File)) {
          throw new ApiError(400, "invalid_value", "`file` is missing.", { param: "file" });
        }
        if (typeof purpose !== "string" || !purposes.includes(purpose)) {
          const message = `\`purpose\` is one of ${purposes.join(", ")}.`;
          throw new ApiError(400, "invalid_value", message, { param: "purpose" });
        }
        const content = new Uint8Array(await file.arrayBuffer());
        if (content.length === 0)
          throw new ApiError(400, "empty_file", "The file is empty.", { param: "file" });
        const given = { owner: key.name, filename: safeName(file.name), purpose };
        return Response.json(describeFile(await files.add(given, content)));
      },
    },
    {
      method: "GET",
      path: "/v1/files",
      summary: "The files that are kept",
      returns: listOf(fileReply),
      handle: async ({ key, query }) => {
        const kept = await files.list(key.name);
        const purpose = query.get("purpose");
        const wanted = purpose === null ? kept : kept.filter((file) => file.purpose === purpose);
        return page(wanted.map(describeFile), query, { usual: 10_000, most: 10_000 });
      },
    },
    {
      method: "GET",
      path: "/v1/files/{id}/content",
      summary: "What a file holds",
      returns: "application/octet-stream",
      handle: async (call) => {
        const file = await find(call);
        const headers = { "content-type": "application/octet-stream", "x-content-type-options": "nosniff" };
        return new Response(Buffer.from(await files.read(file)), { headers });
      },
    },
    {
      method: "GET",
      path: "/v1/files/{id}",
      summary: "One file",
      returns: fileReply,
      handle: async (call) => Response.json(describeFile(await find(call))),
    },
    {
      method: "DELETE",
      path: "/v1/files/{id}",
      summary: "Deletes a file; vector stores keep what they have of it",
      returns: deletedOf("file"),
      handle: async (call) => {
        const file = await find(call);
        await files.remove(file);
        return Response.json({ id: file.id, object: "file", deleted: true });
      },
    },
  ];
}

/** Throws ApiError 404. */
export async function findFile(
  files: FileStore,
  owner: string,
  id: string,
  param?: string,
): Promise<StoredFile> {
  const found = await files.get(owner, id);
  if (found) return found;
  const message = `There is no file ${JSON.stringify(id.slice(0, 100))} here.`;
  throw new ApiError(404, "file_not_found", message, { param: param ?? null });
}

/** The last part of a path, of which no more is kept than a name may hold; the file itself is kept under its id. */
function safeName(name: string): string {
  const last = name.split(/[\\/]/).at(-1)!;
  // eslint-disable-next-line no-control-regex
  return last.replaceAll(/[\u0000-\u001F\u007F]/g, "").slice(-128) || "file";
}

function describeFile({ id, bytes, created, filename, purpose }: StoredFile): { id: string } {
  const status = "processed";
  const file = {
    id,
    object: "file",
    bytes,
    created_at: created,
    filename,
    purpose,
    status,
    expires_at: null,
  };
  return file;
}
