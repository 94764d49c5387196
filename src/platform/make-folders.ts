import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "./io-error.ts";

/**
 * Makes the folder and its parents; no error if it is there. Node's own `recursive` says ENOENT of a read-only disk, and
 * never ends where a parent that exists takes no folders (/proc).
 */
export async function makeFolders(path: string): Promise<void> {
  if (await makeOne(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolders(parent);
  if (!(await makeOne(path))) await mkdir(path);
}

/** False where the parent is missing. */
async function makeOne(path: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder) throw error;
  }
  return true;
}
