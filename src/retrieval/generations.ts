import { z } from "zod";
import {
  exists,
  listFiles,
  listFolder,
  readText,
  removePath,
  statPath,
  writeFileAtomic,
} from "../platform/index.ts";

/**
 * What an index consisted of at one moment. The newest valid one is the index: whatever the database wrote since
 * belongs to a change that was never completed.
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
  /** Size in bytes of each file under the database's folder: a file cut off by a crash shows by its size. */
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
  documents: z.record(z.string(), z.string()),
  files: z.record(z.string(), z.number()),
});

/**
 * The database writes this file anew in place at each commit, and does without it: no part of a generation. It is
 * swept all the same, since it names a version that the sweep removes.
 */
const isHint = (name: string): boolean => name.endsWith("/latest_version_hint.json");

/** Generations before the newest that are kept to fall back on. */
const kept = 1;

export interface GenerationLog {
  /** Newest first; those that cannot be read or whose files were cut off are left out and counted. */
  read(): Promise<{ valid: Generation[]; damaged: number }>;
  /** Makes `generation` the newest, at once or not at all, and forgets the old ones. */
  write(generation: Generation): Promise<void>;
  /** Files that the database has now. */
  listFiles(): Promise<Record<string, number>>;
  /** Removes files of changes that were never completed, and generations newer than `generation`. */
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
    ...(await numbers()).filter((number) => number > generation.number).map(fileName),
  ];

  return {
    read: async () => {
      const valid: Generation[] = [];
      const found = await numbers();
      const sizes = found.length > 0 ? await present() : {};
      for (const number of found) {
        const generation = await readGeneration(fileName(number));
        // The database removes files that it no longer needs; a file of the wrong size is another matter.
        const whole =
          generation &&
          Object.entries(generation.files).every(([name, size]) => (sizes[name] ?? size) === size);
        if (whole) valid.push(generation);
      }
      return { valid, damaged: found.length - valid.length };
    },
    write: async (generation) => {
      await writeFileAtomic(fileName(generation.number), JSON.stringify(generation));
      const old = (await numbers()).filter((number) => number < generation.number - kept);
      for (const number of old) await removePath(fileName(number));
    },
    listFiles: present,
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
    return undefined; // damaged; the caller counts it
  }
}
