import { join } from "node:path";
import { LoragError, type ServedModel } from "../../contracts/index.ts";
import { exists, listFolder, statPath } from "../../platform/index.ts";

/** Adapters of a folder: `NAME/` is one, `NAME/VERSION/` one of its versions, of which `NAME:latest` is the last. */
export interface AdapterFolder {
  models(): Promise<RegisteredAdapter[]>;
  /** Throws LORAG_UNKNOWN_ADAPTER. */
  find(name: string): Promise<RegisteredAdapter>;
}

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
      const last = versions.at(-1);
      if (last) found.push(await adapter(`${name}:latest`, join(path, last), `${name}:${last}`));
    }
    return found;
  };
  const versionsOf = async (path: string): Promise<string[]> => {
    if (!(await statPath(path))?.isFolder) return [];
    const names = (await listFolder(path)).filter(isName).sort(byVersion);
    const are = await Promise.all(names.map((name) => isAdapter(join(path, name))));
    return names.filter((_, index) => are[index]);
  };
  return {
    models,
    async find(name) {
      const known = await models();
      const found = known.find(({ id }) => id === name);
      if (found) return found;
      throw new LoragError({
        code: "LORAG_UNKNOWN_ADAPTER",
        kind: "usage",
        message: `No adapter is registered under the name ${JSON.stringify(name)}`,
        next: `Registered are: ${known.map(({ id }) => id).join(", ") || "none"}.`,
      });
    },
  };
}

/** 2 before 10, v1.9 before v1.10. */
const byVersion = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });
