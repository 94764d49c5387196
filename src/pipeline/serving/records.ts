import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { LoragError } from "../../contracts/index.ts";
import { exists, listFolder, readText, removePath, writeFileAtomic } from "../../platform/index.ts";

/** Values of one kind, each in a JSON file of its id. */
export interface Records<Value extends { id: string; owner: string; created: number }> {
  newId(): string;
  /** One of the owner's; undefined for any other id, however it is spelt. */
  get(owner: string, id: string): Promise<Value | undefined>;
  /** Newest first. */
  list(owner?: string): Promise<Value[]>;
  put(value: Value): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Ids are the prefix and 24 hex digits, so that none is a path. */
export function openRecords<Value extends { id: string; owner: string; created: number }>(
  folder: string,
  prefix: string,
): Records<Value> {
  const isId = (id: string): boolean =>
    id.startsWith(prefix) && /^[0-9a-f]{24}$/.test(id.slice(prefix.length));
  const pathOf = (id: string): string => join(folder, `${id}.json`);
  const read = async (id: string): Promise<Value> => {
    const path = pathOf(id);
    try {
      return JSON.parse(await readText(path)) as Value;
    } catch (cause) {
      throw new LoragError({
        code: "LORAG_RECORD_DAMAGED",
        kind: "data",
        message: `${path} is damaged`,
        next: "Delete it; what it describes is then gone from the server's lists.",
        cause,
      });
    }
  };
  return {
    newId: () => prefix + randomBytes(12).toString("hex"),
    async get(owner, id) {
      if (!isId(id) || !(await exists(pathOf(id)))) return undefined;
      const value = await read(id);
      return value.owner === owner ? value : undefined;
    },
    async list(owner) {
      if (!(await exists(folder))) return [];
      const ids = (await listFolder(folder))
        .flatMap((name) => /^(.+)\.json$/.exec(name)?.[1] ?? [])
        .filter(isId);
      const values = await Promise.all(ids.map(read));
      return values
        .filter((value) => owner === undefined || value.owner === owner)
        .sort((a, b) => b.created - a.created || (a.id < b.id ? -1 : 1));
    },
    put: (value) => writeFileAtomic(pathOf(value.id), `${JSON.stringify(value, null, 2)}\n`),
    remove: (id) => removePath(pathOf(id)),
  };
}

/** Seconds since 1970. */
export const nowSeconds = (): number => Math.floor(Date.now() / 1000);
