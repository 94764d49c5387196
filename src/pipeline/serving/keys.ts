import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { LoragError, type StoredKey } from "../../contracts/index.ts";
import { createInTurn, readText, sha256, statPath, writeFileAtomic } from "../../platform/index.ts";
import type { Project } from "../config/read-project.ts";

/** The keys of a project's server, kept as their hashes. */
export interface Keys {
  /** As the file has them now: one that is revoked is so at the next request. */
  list(): Promise<KeptKey[]>;
  /** Makes a key of 256 random bits, which is told this once. Throws LORAG_USAGE for a name that is taken or is none. */
  add(name: string, limits?: Pick<StoredKey, "only" | "atOnce">): Promise<string>;
  /** Throws LORAG_USAGE where there is none. */
  revoke(name: string): Promise<void>;
}

export type KeptKey = StoredKey & { created: string };

const keptKey = z.object({
  name: z.string(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  only: z.array(z.string()).exactOptional(),
  atOnce: z.int().min(1).exactOptional(),
  created: z.string(),
});
const keysFile = z.object({ keys: z.array(keptKey) });

export function openKeys({ output }: Pick<Project, "output">): Keys {
  const path = join(output, "served", "keys.json");
  const inTurn = createInTurn();
  let read: { stamp: string; keys: KeptKey[] } = { stamp: "", keys: [] };
  const list = async (): Promise<KeptKey[]> => {
    const stat = await statPath(path);
    const stamp = stat ? `${stat.modifiedMs} ${stat.size}` : "";
    if (stamp !== read.stamp) read = { stamp, keys: stat ? parse(path, await readText(path)) : [] };
    return read.keys;
  };
  const write = (keys: KeptKey[]): Promise<void> =>
    writeFileAtomic(path, `${JSON.stringify({ keys }, null, 2)}\n`);
  return {
    list,
    add: (name, { only, atOnce } = {}) =>
      inTurn(async () => {
        const keys = await list();
        if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name)) {
          throw usage(
            `${JSON.stringify(name.slice(0, 100))} is no name for a key`,
            "Use lower-case letters, digits, `.`, `_` and `-`, 64 at most.",
          );
        }
        if (keys.some((key) => key.name === name)) {
          throw usage(
            `There is a key ${name} already`,
            `Choose another name, or \`lorag keys revoke ${name}\` first.`,
          );
        }
        const key = `lorag-${randomBytes(32).toString("base64url")}`;
        const created = new Date().toISOString();
        const limits = { ...(only && { only: [...only] }), ...(atOnce !== undefined && { atOnce }) };
        await write([...keys, { name, hash: sha256(key), ...limits, created }]);
        return key;
      }),
    revoke: (name) =>
      inTurn(async () => {
        const keys = await list();
        if (!keys.some((key) => key.name === name)) {
          const names = keys.map((key) => key.name).join(", ");
          throw usage(
            `There is no key ${JSON.stringify(name.slice(0, 100))}`,
            `There are: ${names || "none"}.`,
          );
        }
        await write(keys.filter((key) => key.name !== name));
      }),
  };
}

function parse(path: string, text: string): KeptKey[] {
  try {
    return keysFile.parse(JSON.parse(text)).keys;
  } catch (cause) {
    throw new LoragError({
      code: "LORAG_KEYS_DAMAGED",
      kind: "data",
      message: `${path} is damaged: it holds no list of keys`,
      next: "Delete it and make the keys anew; until then nobody is let in.",
      cause,
    });
  }
}

const usage = (message: string, next: string): LoragError =>
  new LoragError({ code: "LORAG_USAGE", kind: "usage", message, next });
