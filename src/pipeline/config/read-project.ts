import { basename, isAbsolute, join, relative, resolve } from "node:path";
import {
  LoragError,
  modelEntry,
  type ArmSpec,
  type Config,
  type ModelEntry,
  type SourceEntry,
} from "../../contracts/index.ts";
import { exists, readText } from "../../platform/index.ts";
import { parseConfig } from "./parse-config.ts";
import { projectArm } from "./project-arms.ts";

export const configFile = "lorag.yaml";

/** A folder with a `lorag.yaml`, and where its things are. All paths are absolute. */
export interface Project {
  name: string;
  folder: string;
  config: Config;
  /** The contenders, as `arms` lists them. */
  arms: ArmSpec[];
  /** The name of an arm's model, which is `base_model` where it gives none. */
  modelName: (model: string | undefined) => string;
  /** What such a name stands for: a hub name, an absolute path, or an endpoint. */
  entryOf: (model: string | undefined) => ModelEntry;
  /** A hub name, or an absolute path. */
  baseModel: string;
  embeddingModel: string;
  documents: string;
  /** What else is read, the paths of databases absolute. */
  sources: SourceEntry[];
  datasets: string[];
  testDatasets: string[];
  /** Everything that lorag writes lies in here. */
  output: string;
}

/** Throws LORAG_NO_PROJECT unless a folder without a config will do, LORAG_CONFIG. */
export async function readProject(
  folder: string,
  { orDefault = false }: { orDefault?: boolean } = {},
): Promise<Project> {
  const root = resolve(folder);
  const file = join(root, configFile);
  const isThere = await exists(file);
  if (!isThere && !orDefault) {
    throw new LoragError({
      code: "LORAG_NO_PROJECT",
      kind: "missing",
      message: `There is no ${configFile} in ${root}`,
      next: `Make a project there with \`lorag init ${folder}\`, or name another folder with --project.`,
    });
  }
  const config = parseConfig(isThere ? await readConfig(file) : "", configFile);
  const inside = (path: string): string => resolve(root, path);
  // As the resolver sees it: what begins like a path is one.
  const model = (name: string): string => (/^\.|\.gguf$/i.test(name) ? inside(name) : name);
  const [documents, output] = [inside(config.documents), inside(config.output_dir)];
  // What lorag writes it also removes: nothing of the user's may lie in there, nor its reports among the documents.
  for (const [key, path] of [
    ["documents", documents],
    ["the project", root],
  ] as const) {
    if (isWithin(path, output)) throw sharedOutput(config.output_dir, `${key} (${path}) would lie in it`);
  }
  if (isWithin(output, documents))
    throw sharedOutput(config.output_dir, `it lies in documents (${documents})`);
  const datasets = config.datasets.map(({ path }) => inside(path));
  const testDatasets = config.test_datasets.map(({ path }) => inside(path));
  const repeated = [...datasets, ...testDatasets].find((path, index, all) => all.indexOf(path) < index);
  if (repeated !== undefined) throw listedTwice(relative(root, repeated));
  const modelName: Project["modelName"] = (name) => name ?? config.base_model;
  return {
    name: basename(root),
    folder: root,
    config,
    arms: config.arms.map((entry) => projectArm(config, entry)),
    modelName,
    entryOf: (name) => {
      const entry = modelEntry(config.models, modelName(name));
      return typeof entry === "string" ? model(entry) : entry;
    },
    baseModel: model(config.base_model),
    embeddingModel: model(config.embedding_model),
    documents,
    sources: config.sources.map((source) =>
      source.database === undefined || /^\w+:\/\//.test(source.database)
        ? source
        : { ...source, database: inside(source.database) },
    ),
    datasets,
    testDatasets,
    output,
  };
}

/** A file that is no text is a wrong config like any other; one that cannot be reached is not. */
async function readConfig(file: string): Promise<string> {
  try {
    return await readText(file);
  } catch (error) {
    if (!(error instanceof LoragError) || error.kind !== "data") throw error;
    throw new LoragError({ ...error.toPlain(), code: "LORAG_CONFIG", kind: "config", cause: error });
  }
}

/** Whether `path` is `folder` or lies in it. */
function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && !/^\.\.(?:[/\\]|$)/.test(way);
}

function listedTwice(path: string): LoragError {
  return new LoragError({
    code: "LORAG_CONFIG",
    kind: "config",
    message: `${configFile}: ${path} is listed more than once in datasets and test_datasets`,
    next: "List each file once: to train on, or to compare on.",
  });
}

function sharedOutput(value: string, why: string): LoragError {
  return new LoragError({
    code: "LORAG_CONFIG",
    kind: "config",
    message: `${configFile}: output_dir is ${JSON.stringify(value)}, but ${why}`,
    next: "Give lorag a folder of its own, or leave output_dir out: it is .lorag in the project then.",
  });
}
