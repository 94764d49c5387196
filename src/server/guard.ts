import { createHash, timingSafeEqual } from "node:crypto";
import { ApiError } from "./api-error.ts";

export interface GuardOptions {
  /** Names by which clients may call this server, without a port: against pages that rebind a name of theirs to it. */
  hosts: readonly string[];
  /** SHA-256 of each key that is let in; none lets everyone in. */
  keyHashes: readonly Uint8Array[];
}

/** Largest JSON body. */
export const maxBodyBytes = 2 ** 20;

export const hashKey = (key: string): Uint8Array => createHash("sha256").update(key, "utf8").digest();

/** What every request must pass, whatever its route. Throws ApiError. */
export function guardRequest(request: Request, { hosts, keyHashes }: GuardOptions): void {
  checkHost(request, hosts);
  checkOrigin(request);
  // Says nothing but that the server lives.
  if (new URL(request.url).pathname !== "/health") checkKey(request, keyHashes);
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

function checkKey(request: Request, keyHashes: readonly Uint8Array[]): void {
  if (keyHashes.length === 0) return;
  const [, key] = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  const hash = hashKey(key ?? "");
  // Each is compared, so that time tells nothing.
  const matches = keyHashes.map((known) => timingSafeEqual(known, hash));
  if (key !== undefined && matches.includes(true)) return;
  throw new ApiError(
    401,
    "invalid_api_key",
    "The request carries no key that this server knows: send `Authorization: Bearer KEY`.",
  );
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
  const tooLarge = (): ApiError =>
    new ApiError(413, "request_too_large", `The body is larger than ${maxBodyBytes} bytes.`);
  if (Number(request.headers.get("content-length")) > maxBodyBytes) throw tooLarge();
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of request.body ?? []) {
    size += piece.byteLength;
    if (size > maxBodyBytes) throw tooLarge();
    pieces.push(piece);
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces)));
  } catch {
    throw new ApiError(400, "invalid_json", "The body is not valid JSON.");
  }
}
