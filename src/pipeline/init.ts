import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { LoragError } from "../contracts/index.ts";
import { exists, listFiles, readFile, sha256, writeFileAtomic } from "../platform/index.ts";
import { configFile } from "./config/read-project.ts";

const starter = fileURLToPath(new URL("../../examples/starter", import.meta.url));

/**
 * Copies the starter project: documents, examples and a commented lorag.yaml, small enough to read. Goes on where it
 * was cut off. Throws LORAG_EXISTS, with nothing written, where one of its files is already there.
 */
export async function initProject(folder: string): Promise<{ folder: string; files: string[] }> {
  const root = resolve(folder);
  // lorag.yaml last: a folder with it is a whole project, and one without it is none.
  const files = [...(await listFiles(starter)).filter((file) => file !== configFile), configFile];
  const isProject = await exists(join(root, configFile));
  const taken: string[] = [];
  for (const file of files) {
    const isThere = await exists(join(root, file));
    if (isThere && (isProject || !(await isStarters(root, file)))) taken.push(file);
  }
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

/** Whether a file is the starter's, byte for byte: written by an `init` that was cut off. */
async function isStarters(root: string, file: string): Promise<boolean> {
  return sha256(await readFile(join(root, file))) === sha256(await readFile(join(starter, file)));
}
