import { LoragError, type AdapterHost, type ChatModel } from "../../contracts/index.ts";

/** A model whose adapters come into memory when they are asked for, and leave it, the least recently used first. */
export interface ResidentAdapters extends ChatModel, AdapterHost {
  /** Binds a name, which stands for a content, to a folder that has it, to be loaded when the name is first asked for. */
  register(name: string, folder: string): void;
  /** Those in memory. */
  resident(): { count: number; bytes: number };
  /** Whether a name is in memory now, or on its way there. */
  isResident(name: string): boolean;
}

export interface ResidencyOptions {
  /** Most bytes of adapters in memory; one is held whatever its size. */
  budgetBytes: number;
  sizeOf: (folder: string) => Promise<number>;
}

interface Entry {
  folder: string;
  bytes: number;
  /** Requests that name it now. */
  uses: number;
  /** In memory, or on its way there. */
  loaded: Promise<void> | undefined;
}

/** `loadAdapter` makes a name known and has it loaded; from then on it is loaded again whenever it is asked for. */
export function createResidentAdapters(
  model: ChatModel & AdapterHost,
  { budgetBytes, sizeOf }: ResidencyOptions,
): ResidentAdapters {
  // In the order of their last use.
  const known = new Map<string, Entry>();
  const touch = (name: string, entry: Entry): void => {
    known.delete(name);
    known.set(name, entry);
  };
  const held = (): [string, Entry][] => [...known].filter(([, { loaded }]) => loaded !== undefined);

  const makeRoom = async (wanted: Entry): Promise<void> => {
    const idle = held().filter(([, entry]) => entry !== wanted && entry.uses === 0);
    let bytes = held().reduce((sum, [, entry]) => sum + entry.bytes, 0);
    for (const [name, entry] of idle) {
      if (bytes <= budgetBytes) return;
      entry.loaded = undefined;
      bytes -= entry.bytes;
      await model.unloadAdapter(name);
    }
  };
  const ensure = (name: string, entry: Entry): Promise<void> => {
    touch(name, entry);
    if (!entry.loaded) {
      const loading = (async () => {
        entry.bytes = await sizeOf(entry.folder);
        await model.loadAdapter(name, entry.folder);
        await makeRoom(entry);
      })();
      entry.loaded = loading;
      loading.catch(() => (entry.loaded = undefined));
    }
    return entry.loaded;
  };
  const isGone = (error: unknown): boolean =>
    error instanceof LoragError && error.code === "LORAG_UNKNOWN_ADAPTER";

  return {
    identity: model.identity,
    register(name, folder) {
      const entry = known.get(name);
      if (entry) entry.folder = folder;
      else known.set(name, { folder, bytes: 0, uses: 0, loaded: undefined });
    },
    async generate(request) {
      const entry = request.adapter === undefined ? undefined : known.get(request.adapter);
      if (!entry) return model.generate(request);
      entry.uses++;
      try {
        await ensure(request.adapter!, entry);
        return await model.generate(request).catch(async (error: unknown) => {
          if (!isGone(error)) throw error;
          // The model's worker was started anew since, and knows nothing.
          entry.loaded = undefined;
          await ensure(request.adapter!, entry);
          return model.generate(request);
        });
      } finally {
        entry.uses--;
      }
    },
    async loadAdapter(name, folder) {
      const before = known.get(name);
      const entry: Entry = { folder, bytes: 0, uses: 0, loaded: undefined };
      known.set(name, entry);
      await ensure(name, entry).catch((error: unknown) => {
        // What does not load leaves what had the name.
        if (before) known.set(name, before);
        else known.delete(name);
        throw error;
      });
    },
    async unloadAdapter(name) {
      known.delete(name);
      await model.unloadAdapter(name);
    },
    countTokens: (messages) => model.countTokens(messages),
    close: () => model.close(),
    isResident: (name) => known.get(name)?.loaded !== undefined,
    resident: () => ({
      count: held().length,
      bytes: held().reduce((sum, [, entry]) => sum + entry.bytes, 0),
    }),
  };
}
