import { join } from "node:path";
import type { Releases } from "../../contracts/index.ts";
import { exists, listFolder, statPath } from "../../platform/index.ts";
import { readReleases } from "./releases.ts";

/** What a folder of adapters has under one name. */
export interface ScannedAdapter {
  name: string;
  folder: string;
  /** The adapter itself, which then has no version, or its versions, the oldest first. */
  versions: { version?: string; folder: string; created: number }[];
  releases: Releases;
}

const isName = (name: string): boolean => /^[a-z0-9][a-z0-9._-]{0,63}$/i.test(name);

/** Times of file systems are this coarse at worst: what changed within it may change again and show no other time. */
const coarseMs = 2000;

/**
 * `NAME/` of a folder is an adapter, or `NAME/VERSION/` each of its versions; a folder that is not there has none. It is
 * read again only when a folder in it has changed, and what is released is written beside the versions.
 */
export function createAdapterScan(root: string): () => Promise<ScannedAdapter[]> {
  let kept: { found: ScannedAdapter[]; looked: ReadonlyMap<string, number> } | undefined;
  const isCurrent = async (looked: ReadonlyMap<string, number>): Promise<boolean> => {
    const times = await Promise.all([...looked.keys()].map(modifiedAt));
    return [...looked.values()].every((time, index) => time === times[index]);
  };
  return async () => {
    if (kept && (await isCurrent(kept.looked))) return kept.found;
    const began = Date.now();
    const looked = new Map<string, number>();
    const found = await scan(root, looked);
    const isSettled = [...looked.values()].every((time) => time < began - coarseMs);
    kept = isSettled ? { found, looked } : undefined;
    return found;
  };
}

/** `looked` gets every folder whose content decides, with its time from before it was read. */
async function scan(root: string, looked: Map<string, number>): Promise<ScannedAdapter[]> {
  const look = async (path: string): Promise<string[]> => {
    looked.set(path, await modifiedAt(path));
    return (await statPath(path))?.isFolder ? (await listFolder(path)).filter(isName) : [];
  };
  const found: ScannedAdapter[] = [];
  for (const name of await look(root)) {
    const folder = join(root, name);
    const inside = await look(folder);
    const versions: ScannedAdapter["versions"] = [];
    if (await isAdapter(folder)) versions.push({ folder, created: await createdAt(folder) });
    else {
      for (const version of inside.sort(byVersion)) {
        const its = join(folder, version);
        if (await isAdapter(its)) versions.push({ version, folder: its, created: await createdAt(its) });
        // It may be on its way there.
        else looked.set(its, await modifiedAt(its));
      }
    }
    if (versions.length > 0) found.push({ name, folder, versions, releases: await readReleases(folder) });
  }
  return found;
}

const isAdapter = (path: string): Promise<boolean> => exists(join(path, "adapter_config.json"));

const modifiedAt = async (path: string): Promise<number> => (await statPath(path))?.modifiedMs ?? 0;

const createdAt = async (path: string): Promise<number> => Math.floor((await modifiedAt(path)) / 1000);

/** 2 before 10, v1.9 before v1.10. */
const byVersion = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });
