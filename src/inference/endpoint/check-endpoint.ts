import type { EndpointEntry } from "../../contracts/index.ts";
import { createClient, type ClientOptions } from "./client.ts";
import { isSameModel } from "./same-model.ts";

/**
 * Asks an endpoint for its list of models, which costs nothing. Says whether the entry's is in it; undefined where the
 * endpoint has no list. Throws LORAG_ENDPOINT_KEY, LORAG_ENDPOINT_REFUSED, LORAG_ENDPOINT_DOWN.
 */
export async function checkEndpoint(
  entry: EndpointEntry,
  options: ClientOptions & { signal?: AbortSignal } = {},
): Promise<{ isListed: boolean; models: string[] } | undefined> {
  const models = await createClient(entry, options).models(options.signal);
  return models && { isListed: models.some((name) => isSameModel(entry.model, name)), models };
}
