import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { LoragError } from "../contracts/index.ts";
import { exists, listFiles, readFile, writeFileAtomic } from "../platform/index.ts";

const starter = fileURLToPath(new URL("../../examples/starter", import.meta.url));

/**
 * Copies the starter project: documents, examples and a commented lorag.yaml, small enough to read. Throws
 * LORAG_EXISTS, with nothing written, where one of its files is already there.
 */
export async function initProject(folder: string): Promise<{ folder: string; files: string[] }> {
  const root = resolve(folder);
  const files = await listFiles(starter);
  const taken: string[] = [];
  for (const file of files) if (await exists(join(root, file))) taken.push(file);
  if (taken.length > 0) {
    throw new LoragError({
      code: "LORAG_EXISTS",
      kind: "usage",
      message: `${root} already has ${taken.join(", ")}`,
      next: "Name a new folder: `lorag init my-project`. Nothing was written.",
    });
  }
  for (const file of files) await writeFileAtomic(join(root, file), await readFile(join(starter, file)));
  return { folder: root, files };
}
