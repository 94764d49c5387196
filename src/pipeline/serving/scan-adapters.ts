import { join } from "node:path";
import { exists, listFolder, statPath } from "../../platform/index.ts";

/** What a folder of adapters has under one name. */
export interface ScannedAdapter {
  name: string;
  folder: string;
  /** The adapter itself, which then has no version, or its versions, the oldest first. */
  versions: { version?: string; folder: string; created: number }[];
}

const isName = (name: string): boolean => /^[a-z0-9][a-z0-9._-]{0,63}$/i.test(name);

/** `NAME/` is an adapter, or `NAME/VERSION/` each of its versions. A folder that is not there has none. */
export async function scanAdapters(root: string): Promise<ScannedAdapter[]> {
  if (!(await statPath(root))?.isFolder) return [];
  const found: ScannedAdapter[] = [];
  for (const name of (await listFolder(root)).filter(isName)) {
    const folder = join(root, name);
    const versions = (await isAdapter(folder))
      ? [{ folder, created: await createdAt(folder) }]
      : await scanVersions(folder);
    if (versions.length > 0) found.push({ name, folder, versions });
  }
  return found;
}

async function scanVersions(folder: string): Promise<ScannedAdapter["versions"]> {
  if (!(await statPath(folder))?.isFolder) return [];
  const found: ScannedAdapter["versions"] = [];
  for (const version of (await listFolder(folder)).filter(isName).sort(byVersion)) {
    const its = join(folder, version);
    if (await isAdapter(its)) found.push({ version, folder: its, created: await createdAt(its) });
  }
  return found;
}

const isAdapter = (path: string): Promise<boolean> => exists(join(path, "adapter_config.json"));

const createdAt = async (path: string): Promise<number> =>
  Math.floor(((await statPath(path))?.modifiedMs ?? 0) / 1000);

/** 2 before 10, v1.9 before v1.10. */
const byVersion = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });
