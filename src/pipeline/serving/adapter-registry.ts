import { join } from "node:path";
import type { AdapterHost, AdapterRegistry, ChatModel } from "../../contracts/index.ts";
import { statPath } from "../../platform/index.ts";
import type { AdapterContent } from "./adapter-content.ts";
import type { AdapterFolder } from "./adapter-folder.ts";
import type { AdapterTally } from "./adapter-work.ts";

export interface RegistryParts {
  folder: AdapterFolder;
  content: AdapterContent;
  tally: AdapterTally;
  /** What hosts them, opened when it is first needed. */
  model: () => Promise<ChatModel & Partial<AdapterHost>>;
  isLoaded: (content: string) => boolean;
}

/** A folder's adapters as a person sees to them. */
export function createAdapterRegistry(parts: RegistryParts): AdapterRegistry {
  const { folder, content, tally, model, isLoaded } = parts;
  const contentOf = async (name: string): Promise<[hash: string, path: string]> => {
    const { folder: path } = await folder.find(name);
    return [await content.of(path), path];
  };
  const describe = async (
    name: string,
    { version, folder: path, created }: { version?: string; folder: string; created: number },
  ) => {
    const id = version === undefined ? name : `${name}:${version}`;
    // What was never asked for was never read, and is in no memory.
    const hash = await content.known(path);
    return {
      id,
      ...(version !== undefined && { version }),
      bytes: await weightsSize(path),
      created,
      isLoaded: hash !== undefined && isLoaded(hash),
      work: tally.of(id),
    };
  };
  return {
    list: async () =>
      Promise.all(
        (await folder.list()).map(async ({ name, versions, releases }) => ({
          name,
          ...releases,
          versions: await Promise.all(versions.map((each) => describe(name, each))),
        })),
      ),
    load: async (name) => (await model()).loadAdapter?.(...(await contentOf(name))),
    unload: async (name) => (await model()).unloadAdapter?.((await contentOf(name))[0]),
    release: folder.release,
    canary: folder.canary,
    rollBack: folder.rollBack,
  };
}

/** What an adapter takes in memory, in bytes. */
export const weightsSize = async (folder: string): Promise<number> =>
  (await statPath(join(folder, "adapter_model.safetensors")))?.size ?? 0;
