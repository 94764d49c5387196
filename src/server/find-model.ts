import type { ApiKey, ServedModel, Service } from "../contracts/index.ts";
import { likeness } from "../text/index.ts";
import { ApiError } from "./api-error.ts";
import { mayUse } from "./keys.ts";

/** The model of a name, as the key may see it. Throws ApiError 404 with the nearest names. */
export async function findModelIn(service: Service, id: string, key: ApiKey): Promise<ServedModel> {
  const models = (await service.models()).filter((model) => isSeen(model, key));
  const found = models.find((model) => model.id === id);
  if (found) return found;
  const near = models
    .map((model) => model.id)
    .sort((a, b) => likeness(id, b) - likeness(id, a))
    .slice(0, 10);
  const message = `There is no model ${JSON.stringify(id.slice(0, 100))} here; there are ${near.join(", ")}.`;
  throw new ApiError(404, "model_not_found", message, { param: "model" });
}

/** Whether a key may know of a model. */
export const isSeen = ({ id, owner }: ServedModel, key: ApiKey): boolean =>
  mayUse(key, id) && (owner === undefined || owner === key.name);
