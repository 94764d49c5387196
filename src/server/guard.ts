import { ApiError } from "./api-error.ts";

/** Largest body that is not an upload. */
export const maxBodyBytes = 2 ** 20;
/** Largest upload. */
export const maxUploadBytes = 100 * 2 ** 20;

/**
 * What every request must pass, whatever its route. `hosts`: names by which clients may call this server, without a
 * port: against pages that rebind a name of theirs to it. Throws ApiError.
 */
export function guardOrigin(request: Request, hosts: readonly string[]): void {
  checkHost(request, hosts);
  checkOrigin(request);
}

function checkHost(request: Request, hosts: readonly string[]): void {
  const name = hostName(request.headers.get("host") ?? "");
  if (name !== undefined && hosts.includes(name)) return;
  throw new ApiError(
    403,
    "host_not_allowed",
    "This server does not answer to the name in the Host header; --allow-host adds one.",
  );
}

/** `localhost` of `localhost:8000`, `[::1]` of `[::1]:8000`; undefined where it is none. */
function hostName(host: string): string | undefined {
  return /^(\[[0-9a-f:]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase();
}

/** A page of another origin may send requests though it cannot read the answers. */
function checkOrigin(request: Request): void {
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  const isForeign = site === "cross-site" || site === "same-site";
  const own = request.headers.get("host");
  if (!isForeign && (origin === null || (URL.canParse(origin) && new URL(origin).host === own))) return;
  throw new ApiError(403, "origin_not_allowed", "Pages of other origins may not call this server.");
}

/** The JSON of a body. Throws ApiError 415, 413, 400. */
export async function readJson(request: Request): Promise<unknown> {
  const [type] = (request.headers.get("content-type") ?? "").split(";");
  if (type!.trim().toLowerCase() !== "application/json") {
    throw new ApiError(
      415,
      "unsupported_media_type",
      "Send the body as JSON, with `Content-Type: application/json`.",
    );
  }
  const bytes = await readBytes(request, maxBodyBytes);
  if (bytes.length === 0) throw new ApiError(400, "invalid_json", "The body is empty: it must be JSON.");
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new ApiError(400, "invalid_json", "The body is not valid JSON.");
  }
}

/** The form of an upload. Throws ApiError 415, 413, 400. */
export async function readForm(request: Request): Promise<FormData> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\s*;/i.test(type)) {
    throw new ApiError(415, "unsupported_media_type", "Send the file as a form: `multipart/form-data`.");
  }
  const bytes = await readBytes(request, maxUploadBytes);
  try {
    return await new Response(bytes, { headers: { "content-type": type } }).formData();
  } catch {
    throw new ApiError(400, "invalid_form", "The body is no valid form.");
  }
}

async function readBytes(request: Request, most: number): Promise<Buffer<ArrayBuffer>> {
  const tooLarge = (): ApiError =>
    new ApiError(413, "request_too_large", `The body is larger than ${most} bytes.`);
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    const message = `The body is sent as ${JSON.stringify(encoding.slice(0, 40))}: send it as it is, without Content-Encoding.`;
    throw new ApiError(415, "unsupported_content_encoding", message);
  }
  if (Number(request.headers.get("content-length")) > most) throw tooLarge();
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of request.body ?? []) {
    size += piece.byteLength;
    if (size > most) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
