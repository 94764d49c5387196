import { join } from "node:path";
import type { Service, ServingView } from "../../contracts/index.ts";
import { exists, listFiles, statPath } from "../../platform/index.ts";
import type { Project } from "../config/read-project.ts";

/** What a project serves, with the size of each adapter on disk, and the adapters that a person sees to. */
export async function viewServing(project: Project, service: Service): Promise<ServingView> {
  const adapters = (await service.adapters?.list()) ?? [];
  const theirs = new Set(adapters.flatMap(({ name }) => [name, `${name}:latest`]));
  for (const { versions } of adapters) for (const { id } of versions) theirs.add(id);
  const models = (await service.models()).filter(({ id }) => !theirs.has(id));
  const sized = await Promise.all(
    models.map(async (model) => {
      const folder = join(project.output, "adapters", model.id);
      if (model.kind !== "adapter" || !(await exists(folder))) return model;
      const sizes = await Promise.all(
        (await listFiles(folder, () => {})).map(
          async (name) => (await statPath(join(folder, name)))?.size ?? 0,
        ),
      );
      return { ...model, bytes: sizes.reduce((sum, size) => sum + size, 0) };
    }),
  );
  return {
    models: sized,
    memory: process.memoryUsage.rss(),
    adapters,
    adapterMemory: service.gauges?.()["lorag_adapters_resident_bytes"] ?? 0,
    base: project.config.base_model,
  };
}
