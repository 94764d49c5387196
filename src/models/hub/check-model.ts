import { nameFile } from "./name-file.ts";
import { openModel, type OpenModel } from "./open-model.ts";
import { findModel } from "./resolve-model.ts";

/**
 * Throws what would otherwise be thrown after long work: of a model that lies in the user's own folder, what `openModel`
 * and the architecture's `parseConfig` throw. A model of the cache was checked when it came, and one that must be
 * fetched is left to its time.
 */
export async function checkModel(
  name: string,
  parseConfig: (config: OpenModel["config"]) => unknown,
): Promise<void> {
  const model = await findModel(name);
  if (model?.source !== "local") return;
  const opened = await openModel(model);
  opened.weights.close();
  await nameFile(opened.path, () => parseConfig(opened.config));
}
