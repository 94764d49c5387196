import { join } from "node:path";
import type { ServedModel, ServingView } from "../../contracts/index.ts";
import { exists, listFiles, statPath } from "../../platform/index.ts";
import type { Project } from "../config/read-project.ts";

/** What a project serves, with the size of each adapter on disk. */
export async function viewServing(project: Project, models: ServedModel[]): Promise<ServingView> {
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
  return { models: sized, memory: process.memoryUsage.rss() };
}
