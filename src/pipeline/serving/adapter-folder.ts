import { join } from "node:path";
import { LoragError, type ServedModel } from "../../contracts/index.ts";
import { exists, listFolder, statPath } from "../../platform/index.ts";
import { changeReleases, readReleases, release, rollBack, type Releases } from "./releases.ts";

/**
 * Adapters of a folder: `NAME/` is one, `NAME/VERSION/` one of its versions. `NAME:latest` is the version that was
 * released, or the last where none was.
 */
export interface AdapterFolder {
  models(): Promise<RegisteredAdapter[]>;
  /** What a request to a name is answered by: of `NAME:latest` the canary for its share of them. Throws LORAG_UNKNOWN_ADAPTER. */
  find(name: string): Promise<RegisteredAdapter>;
  /** These change what `NAME:latest` is from the next request on. They throw LORAG_UNKNOWN_ADAPTER, LORAG_USAGE. */
  release(name: string, version: string): Promise<Releases>;
  canary(name: string, version: string, share: number): Promise<Releases>;
  rollBack(name: string): Promise<Releases>;
}

/** `folder` holds what is loaded. */
export type RegisteredAdapter = ServedModel & { folder: string };

const isName = (name: string): boolean => /^[a-z0-9][a-z0-9._-]{0,63}$/i.test(name);

export function openAdapterFolder(folder: string, base: string): AdapterFolder {
  const isAdapter = (path: string): Promise<boolean> => exists(join(path, "adapter_config.json"));
  const adapter = async (id: string, path: string, root = base): Promise<RegisteredAdapter> => {
    const created = Math.floor(((await statPath(path))?.modifiedMs ?? 0) / 1000);
    return { id, kind: "adapter", root, parent: base, created, folder: path };
  };
  const models = async (): Promise<RegisteredAdapter[]> => {
    const found: RegisteredAdapter[] = [];
    for (const name of (await listFolder(folder)).filter(isName)) {
      const path = join(folder, name);
      if (await isAdapter(path)) {
        found.push(await adapter(name, path));
        continue;
      }
      const versions = await versionsOf(path);
      for (const version of versions) found.push(await adapter(`${name}:${version}`, join(path, version)));
      const latest = latestOf(versions, await readReleases(path));
      if (latest) found.push(await adapter(`${name}:latest`, join(path, latest), `${name}:${latest}`));
    }
    return found;
  };
  const versionsOf = async (path: string): Promise<string[]> => {
    if (!(await statPath(path))?.isFolder) return [];
    const names = (await listFolder(path)).filter(isName).sort(byVersion);
    const are = await Promise.all(names.map((name) => isAdapter(join(path, name))));
    return names.filter((_, index) => are[index]);
  };
  const pick = (known: readonly RegisteredAdapter[], name: string): RegisteredAdapter => {
    const found = known.find(({ id }) => id === name);
    if (found) return found;
    throw new LoragError({
      code: "LORAG_UNKNOWN_ADAPTER",
      kind: "usage",
      message: `No adapter is registered under the name ${JSON.stringify(name)}`,
      next: `Registered are: ${known.map(({ id }) => id).join(", ") || "none"}.`,
    });
  };
  // Requests to each alias so far, so that a canary gets its share of them, evenly.
  const asked = new Map<string, number>();
  const isCanarysTurn = (name: string, share: number): boolean => {
    const count = (asked.get(name) ?? 0) + 1;
    asked.set(name, count);
    return Math.floor(count * share) > Math.floor((count - 1) * share);
  };
  const versioned = async (name: string, version: string): Promise<string> => {
    pick(await models(), `${name}:${version}`);
    return join(folder, name);
  };
  return {
    models,
    async find(name) {
      const known = await models();
      const found = pick(known, name);
      const [, own] = /^(.+):latest$/.exec(name) ?? [];
      if (own === undefined) return found;
      const { canary } = await readReleases(join(folder, own));
      const id = canary && isCanarysTurn(own, canary.share) ? `${own}:${canary.version}` : found.root!;
      // A canary whose folder is gone is asked nothing.
      return known.find((each) => each.id === id) ?? pick(known, found.root!);
    },
    async release(name, version) {
      const path = await versioned(name, version);
      return changeReleases(path, release(version, (await versionsOf(path)).at(-1)));
    },
    async canary(name, version, share) {
      const path = await versioned(name, version);
      const others = (await versionsOf(path)).filter((each) => each !== version);
      return changeReleases(path, ({ latest = others.at(-1), previous }) => {
        if (latest === undefined || latest === version) throw noOther(name, version);
        return { latest, previous, canary: { version, share } };
      });
    },
    async rollBack(name) {
      pick(await models(), `${name}:latest`);
      return changeReleases(join(folder, name), rollBack);
    },
  };
}

const latestOf = (versions: string[], { latest }: Releases): string | undefined =>
  latest !== undefined && versions.includes(latest) ? latest : versions.at(-1);

/** 2 before 10, v1.9 before v1.10. */
const byVersion = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });

const noOther = (name: string, version: string): LoragError =>
  new LoragError({
    code: "LORAG_USAGE",
    kind: "usage",
    message: `${name}:${version} is what ${name}:latest stands for already`,
    next: "A canary is another version than the one that is released.",
  });
