import { basename, isAbsolute, join, resolve } from "node:path";
import { LoragError, type Config } from "../../contracts/index.ts";
import { exists, readText } from "../../platform/index.ts";
import { parseConfig } from "./parse-config.ts";

export const configFile = "lorag.yaml";

/** A folder with a `lorag.yaml`, and where its things are. All paths are absolute. */
export interface Project {
  name: string;
  folder: string;
  config: Config;
  /** A hub name, or an absolute path. */
  baseModel: string;
  embeddingModel: string;
  documents: string;
  datasets: string[];
  testDatasets: string[];
  /** Everything that lorag writes lies in here. */
  output: string;
}

/** Throws LORAG_NO_PROJECT, LORAG_CONFIG. */
export async function readProject(folder: string): Promise<Project> {
  const root = resolve(folder);
  const file = join(root, configFile);
  if (!(await exists(file))) {
    throw new LoragError({
      code: "LORAG_NO_PROJECT",
      kind: "missing",
      message: `There is no ${configFile} in ${root}`,
      next: `Make a project there with \`lorag init ${folder}\`, or name another folder with --project.`,
    });
  }
  const config = parseConfig(await readText(file), configFile);
  const inside = (path: string): string => (isAbsolute(path) ? path : join(root, path));
  // As the resolver sees it: what begins like a path is one.
  const model = (name: string): string => (/^\.|\.gguf$/i.test(name) ? inside(name) : name);
  return {
    name: basename(root),
    folder: root,
    config,
    baseModel: model(config.base_model),
    embeddingModel: model(config.embedding_model),
    documents: inside(config.documents),
    datasets: config.datasets.map(({ path }) => inside(path)),
    testDatasets: config.test_datasets.map(({ path }) => inside(path)),
    output: inside(config.output_dir),
  };
}
