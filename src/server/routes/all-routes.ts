import type { Route, ServerParts } from "../route.ts";
import { adapterRoutes } from "./adapters.ts";
import { embeddingRoutes } from "./embeddings.ts";
import { fileBatchRoutes } from "./file-batches.ts";
import { fileRoutes } from "./files.ts";
import { fineTuningRoutes } from "./fine-tuning.ts";
import { generationRoutes } from "./generation.ts";
import { modelRoutes } from "./models.ts";
import { openApiRoutes } from "./open-api.ts";
import { responseRoutes } from "./responses.ts";
import { statusRoutes } from "./status.ts";
import { vectorStoreRoutes } from "./vector-stores.ts";

/** Every route of a server. Those of what it does not keep are left out. */
export function createRoutes(parts: ServerParts): Route[] {
  const { storage, adapters } = parts.service;
  const routes: Route[] = [
    ...statusRoutes(parts),
    ...modelRoutes(parts),
    ...generationRoutes(parts),
    ...responseRoutes(parts),
    ...embeddingRoutes(parts),
    ...(storage
      ? [
          ...fileRoutes(storage.files),
          ...vectorStoreRoutes(parts, storage),
          ...fileBatchRoutes(storage),
          ...fineTuningRoutes(parts, storage),
        ]
      : []),
    ...(adapters ? adapterRoutes(adapters) : []),
  ];
  const all: Route[] = [...routes, ...openApiRoutes(() => all)];
  return all;
}
