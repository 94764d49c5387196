import { createHash, timingSafeEqual } from "node:crypto";
import type { ApiKey, StoredKey } from "../contracts/index.ts";
import { ApiError } from "./api-error.ts";

/** Anyone, where the server has no keys. */
export const anyone: ApiKey = { name: "" };

export const hashKey = (key: string): string => createHash("sha256").update(key, "utf8").digest("hex");

/** The key of a request's `Authorization`, compared with each in constant time. Throws ApiError 401. */
export function findKey(request: Request, keys: readonly StoredKey[]): ApiKey {
  const [, given] = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  const hash = Buffer.from(hashKey(given ?? ""), "hex");
  // Each is compared, so that time tells nothing.
  const matches = keys.map((key) => timingSafeEqual(Buffer.from(key.hash, "hex"), hash));
  const found = keys[matches.indexOf(true)];
  if (given !== undefined && found) return found;
  throw new ApiError(
    401,
    "invalid_api_key",
    "The request carries no key that this server knows: send `Authorization: Bearer KEY`.",
  );
}

export const mayUse = ({ only }: ApiKey, id: string): boolean =>
  only === undefined ||
  only.some((name) => name === id || (name.endsWith("*") && id.startsWith(name.slice(0, -1))));
