import { z } from "zod";
import {
  exists,
  listFiles,
  listFolder,
  readText,
  removePath,
  statPath,
  writeFileAtomic,
} from "../../platform/index.ts";

/**
 * What the index consists of: whatever the database wrote since belongs to a change that was never completed. The one
 * before goes when a new one is complete, as it may hold what was deleted.
 */
export interface Generation {
  number: number;
  /** When the change that made it began; milliseconds since 1970. */
  startedMs: number;
  /** Of the embedder, the chunking and the parsers; see `indexIdentity`. */
  identity: string;
  table: string;
  /** The database's version number of the table. */
  version: number;
  rows: number;
  /** Whether the search indexes cover all rows; without them a search is as right, but slower. */
  indexed: boolean;
  /** Document id to content hash. */
  documents: Record<string, string>;
  /** Languages of the passages, each once: what a question is read in. */
  languages: string[];
  /** Size in bytes of each file of the table, by its path in the database's folder: a file cut off shows by its size. */
  files: Record<string, number>;
}

const generationSchema = z.object({
  number: z.number(),
  startedMs: z.number(),
  identity: z.string(),
  table: z.string(),
  version: z.number(),
  rows: z.number(),
  indexed: z.boolean(),
  // Not `z.record`, which passes over a document of the name `__proto__`.
  documents: z.custom<Record<string, string>>(
    (value) =>
      typeof value === "object" &&
      value !== null &&
      Object.values(value).every((hash) => typeof hash === "string"),
  ),
  languages: z.array(z.string()).default([]),
  files: z.record(z.string(), z.number()),
});

/**
 * The database writes this file anew in place at each commit, and does without it: no part of a generation. It is
 * swept all the same, since it names a version that the sweep removes.
 */
const isHint = (name: string): boolean => name.endsWith("/latest_version_hint.json");

export interface GenerationLog {
  /** The newest; "damaged" if it cannot be read or a file of it was cut off, undefined where there is none. */
  read(): Promise<Generation | "damaged" | undefined>;
  /** Makes `generation` the newest, at once or not at all. */
  write(generation: Generation): Promise<void>;
  /** Files that the table has now. */
  listFiles(table: string): Promise<Record<string, number>>;
  /** Removes the files of changes that were never completed, of other tables and of the generations before. */
  sweep(generation: Generation): Promise<void>;
  /** Whether `sweep` would find anything. */
  hasLeftovers(generation: Generation): Promise<boolean>;
}

/** Generation files `generations/00000012.json` beside the database's folder. */
export function openGenerationLog(folder: string, databaseFolder: string): GenerationLog {
  const log = `${folder}/generations`;
  const fileName = (number: number): string => `${log}/${String(number).padStart(8, "0")}.json`;
  const numbers = async (): Promise<number[]> => {
    if (!(await exists(log))) return [];
    const names = (await listFolder(log)).filter((name) => /^\d{8}\.json$/.test(name));
    return names.map((name) => Number.parseInt(name, 10)).reverse();
  };
  const present = async (): Promise<Record<string, number>> => {
    const files: Record<string, number> = {};
    if (!(await exists(databaseFolder))) return files;
    for (const name of await listFiles(databaseFolder)) {
      if (!isHint(name)) files[name] = (await statPath(`${databaseFolder}/${name}`))?.size ?? 0;
    }
    return files;
  };
  const leftovers = async (generation: Generation): Promise<string[]> => [
    ...Object.keys(await present())
      .filter((name) => !(name in generation.files))
      .map((name) => `${databaseFolder}/${name}`),
    ...(await numbers()).filter((number) => number !== generation.number).map(fileName),
  ];

  return {
    read: async () => {
      const [newest] = await numbers();
      if (newest === undefined) return undefined;
      const generation = await readGeneration(fileName(newest));
      const sizes = await present();
      // The database removes files that it no longer needs; a file of the wrong size is another matter.
      const isWhole = ([name, size]: [string, number]): boolean => (sizes[name] ?? size) === size;
      return generation && Object.entries(generation.files).every(isWhole) ? generation : "damaged";
    },
    write: (generation) => writeFileAtomic(fileName(generation.number), JSON.stringify(generation)),
    listFiles: async (table) => {
      const files = Object.entries(await present());
      return Object.fromEntries(files.filter(([name]) => name.startsWith(`${table}.lance/`)));
    },
    sweep: async (generation) => {
      const paths = await leftovers(generation);
      if (paths.length === 0) return;
      const hints = (await listFiles(databaseFolder))
        .filter(isHint)
        .map((name) => `${databaseFolder}/${name}`);
      for (const path of [...paths, ...hints]) await removePath(path);
    },
    hasLeftovers: async (generation) => (await leftovers(generation)).length > 0,
  };
}

async function readGeneration(path: string): Promise<Generation | undefined> {
  try {
    return generationSchema.parse(JSON.parse(await readText(path)));
  } catch {
    return undefined; // damaged
  }
}
