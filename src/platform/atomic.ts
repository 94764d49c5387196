import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { LoragError } from "../contracts/index.ts";
import { exists, listFiles, readText, resolveInside, sha256File, statPath } from "./files.ts";
import { withPath } from "./io-error.ts";
import { makeFolders } from "./make-folders.ts";
import { isProcessAlive, processSpace } from "./process-identity.ts";

/** What a file is made of: text, bytes, or pieces for files too big to hold. */
export type Content = string | Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Writes one file of a folder under construction; `name` may hold sub-folders, with forward slashes. */
export type WriteMember = (name: string, content: Content) => Promise<void>;

/** Sizes and SHA-256 sums of a folder's files; written last, so that its presence says that all is there. */
interface Manifest {
  files: Record<string, { bytes: number; sha256: string }>;
}
const manifestName = "MANIFEST.json";

/**
 * Replaces a file so that a reader, or a crash at any moment, sees the old content or the new, never a part:
 * temporary sibling, fsync, rename, fsync of the folder. Makes the folder if needed.
 */
export async function writeFileAtomic(path: string, content: Content): Promise<void> {
  await withPath("write", path, async () => {
    await makeFolders(dirname(path));
    await sweepOnce(dirname(path));
    const temporary = temporaryName(path);
    try {
      await writeDurably(temporary, content);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(dirname(path));
  });
}

/**
 * Builds a folder beside `folder` and swaps it in when complete, with a MANIFEST.json of sizes and hashes written
 * last. If `build` or `check`, which is given the folder that is to be swapped in, throws, or the process dies, `folder` is
 * as it was. Whatever `folder` held before is removed.
 */
export async function writeFolderAtomic(
  folder: string,
  build: (write: WriteMember) => Promise<void>,
  check?: (built: string) => Promise<void>,
): Promise<void> {
  await withPath("write", folder, async () => {
    await makeFolders(dirname(folder));
    await recoverFolder(folder);
    await sweepOnce(dirname(folder));
    const temporary = temporaryName(folder);
    try {
      await mkdir(temporary);
      const manifest: Manifest = { files: {} };
      const folders = new Set([temporary]);
      await build(async (name, content) => {
        const path = await resolveInside(temporary, name);
        await makeFolders(dirname(path));
        manifest.files[name] = await writeDurably(path, content);
        for (let at = dirname(path); !folders.has(at); at = dirname(at)) folders.add(at);
      });
      await writeDurably(join(temporary, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
      for (const inner of folders) await syncFolder(inner);
      await check?.(temporary);
      await swapIn(temporary, folder);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
  });
}

/**
 * Checks a folder made by `writeFolderAtomic` against its manifest: every file there, of its size and hash.
 * `quick` compares sizes only. Throws LORAG_DAMAGED_FOLDER, or LORAG_NOT_FOUND where there is no folder.
 */
export async function verifyFolder(folder: string, options: { quick?: boolean } = {}): Promise<void> {
  await recoverFolder(folder);
  if (!(await exists(join(folder, manifestName)))) {
    await withPath("open", folder, () => readdir(folder));
    throw damaged(folder, `${manifestName} is missing, so it was never completed`);
  }
  const manifest = parseManifest(folder, await readText(join(folder, manifestName)));
  for (const [name, expected] of Object.entries(manifest.files)) {
    const path = await resolveInside(folder, name);
    const found = await statPath(path);
    if (!found?.isFile) throw damaged(folder, `${name} is missing`);
    if (found.size !== expected.bytes) {
      throw damaged(folder, `${name} has ${found.size} bytes instead of ${expected.bytes}`);
    }
    if (!options.quick && (await sha256File(path)) !== expected.sha256) {
      throw damaged(folder, `the content of ${name} does not match its SHA-256`);
    }
  }
}

/** `verifyFolder` as a question. */
export async function isCompleteFolder(folder: string, options: { quick?: boolean } = {}): Promise<boolean> {
  try {
    await verifyFolder(folder, options);
    return true;
  } catch (error) {
    const code = error instanceof LoragError ? error.code : undefined;
    if (code === "LORAG_DAMAGED_FOLDER" || code === "LORAG_NOT_FOUND") return false;
    throw error;
  }
}

/** Makes files written by others (a database, say) durable: each file, then each folder, under `folder`. */
export async function syncTree(folder: string): Promise<void> {
  await withPath("sync", folder, async () => {
    const folders = new Set([folder]);
    for (const name of await listFiles(folder)) {
      const path = join(folder, name);
      await syncPath(path, "r+");
      for (let at = dirname(path); !folders.has(at); at = dirname(at)) folders.add(at);
    }
    for (const inner of folders) await syncFolder(inner);
  });
}

function parseManifest(folder: string, text: string): Manifest {
  try {
    const manifest = JSON.parse(text) as Partial<Manifest>;
    if (manifest.files && typeof manifest.files === "object") return manifest as Manifest;
  } catch {
    // Reported below: JSON that does not parse and JSON of another shape are the same damage.
  }
  throw damaged(folder, `${manifestName} is not a manifest`);
}

/** POSIX cannot swap two non-empty folders, so the old one steps aside first; `recoverFolder` undoes half a swap. */
async function swapIn(temporary: string, folder: string): Promise<void> {
  const previous = previousName(folder);
  await rm(previous, { recursive: true, force: true });
  if (await exists(folder)) await rename(folder, previous);
  await rename(temporary, folder);
  await syncFolder(dirname(folder));
  await rm(previous, { recursive: true, force: true });
}

/** A process that died between the two renames of a swap left the old folder under its other name. */
async function recoverFolder(folder: string): Promise<void> {
  const previous = previousName(folder);
  if (!(await exists(folder)) && (await exists(previous))) await rename(previous, folder);
}

/**
 * Removes what processes that are gone left half-written in `folder`. Where nothing may be removed it stays: it is in
 * nobody's way.
 */
export async function sweepLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if (await isLeftover(path)) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

const swept = new Set<string>();

/** Listing a large folder at every write would take longer than the writes. */
async function sweepOnce(folder: string): Promise<void> {
  if (swept.has(folder)) return;
  swept.add(folder);
  await sweepLeftovers(folder);
}

/** A process that cannot be seen from here would write on within a day, if it lives. */
const unseenMs = 24 * 3600_000;

async function isLeftover(path: string): Promise<boolean> {
  const maker = /^\..+\.tmp-(?:([0-9a-f]{8})-)?(\d+)-[0-9a-f]{8}$/.exec(basename(path));
  if (!maker) return false;
  if (maker[1] === processSpace()) return !isProcessAlive(Number(maker[2]));
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > unseenMs;
}

async function writeDurably(path: string, content: Content): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  const file = await open(path, "w");
  try {
    const pieces = typeof content === "string" ? [Buffer.from(content)] : content;
    for await (const piece of pieces instanceof Uint8Array ? [pieces] : pieces) {
      hash.update(piece);
      bytes += piece.byteLength;
      await file.writeFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest("hex") };
}

export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return; // folders cannot be opened for syncing there
  await syncPath(folder, "r");
}

async function syncPath(path: string, flags: string): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function temporaryName(path: string): string {
  const maker = `${processSpace()}-${process.pid}`;
  return join(dirname(path), `.${basename(path)}.tmp-${maker}-${randomBytes(4).toString("hex")}`);
}

function previousName(folder: string): string {
  return join(dirname(folder), `.${basename(folder)}.previous`);
}

function damaged(folder: string, what: string): LoragError {
  return new LoragError({
    code: "LORAG_DAMAGED_FOLDER",
    kind: "data",
    message: `The folder ${folder} is damaged: ${what}`,
    next: "Remove the folder and run the command again; it will be made anew.",
  });
}
