import { join } from "node:path";
import {
  cacheFolder,
  exists,
  isCompleteFolder,
  readText,
  sha256,
  writeFileAtomic,
} from "../../platform/index.ts";

/** One downloaded model: a folder under `models/` whose manifest was written last. */
export interface CachedModel {
  folder: string;
  /** File names, relative to the folder. */
  files: string[];
  /** Changes when any file does. */
  fingerprint: string;
}

export type ManifestFiles = Record<string, { bytes: number; sha256: string }>;

const manifestName = "MANIFEST.json";

/** `owner/name` to a folder; letters that a path could misread never get in (the name is checked before). */
export function modelFolder(name: string, env: Readonly<Record<string, string | undefined>>): string {
  return join(cacheFolder(env), "models", name.replace("/", "--"));
}

/** What the cache holds of the model; undefined where it is absent or incomplete. */
export async function readCachedModel(folder: string): Promise<CachedModel | undefined> {
  const path = join(folder, manifestName);
  if (!(await exists(path)) || !(await isCompleteFolder(folder, { quick: true }))) return undefined;
  const { files } = JSON.parse(await readText(path)) as { files: ManifestFiles };
  return describe(folder, files);
}

/** To be called when every file is in its place: from then on the model counts as there. */
export async function completeCachedModel(
  folder: string,
  files: ManifestFiles,
  origin: string,
): Promise<CachedModel> {
  await writeFileAtomic(join(folder, manifestName), `${JSON.stringify({ origin, files }, null, 2)}\n`);
  return describe(folder, files);
}

function describe(folder: string, files: ManifestFiles): CachedModel {
  const names = Object.keys(files).sort();
  return {
    folder,
    files: names,
    fingerprint: sha256(names.map((name) => `${name} ${files[name]!.sha256}\n`).join("")),
  };
}
