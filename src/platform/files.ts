import { createHash } from "node:crypto";
import { createReadStream, type Dirent } from "node:fs";
import { appendFile, lstat, readFile as read, readdir, realpath, rm, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { LoragError } from "../contracts/index.ts";
import { findBadByte } from "./find-bad-byte.ts";
import { errorCode, ioError, notRegular, withPath } from "./io-error.ts";
import { makeFolders } from "./make-folders.ts";
import { notUtf8 } from "./text-pieces.ts";

/** Whole file. Throws LORAG_NOT_FOUND, LORAG_NO_PERMISSION, LORAG_NOT_A_FILE. */
export function readFile(path: string): Promise<Uint8Array> {
  return withPath("read", path, async () => {
    const found = await stat(path);
    // A folder is told by reading it.
    if (!found.isFile() && !found.isDirectory()) throw notRegular(path);
    return new Uint8Array(await read(path));
  });
}

/** Whole file as UTF-8; a byte order mark is dropped. Throws LORAG_NOT_UTF8 rather than reading wrong characters. */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const { line, offset } = findBadByte(bytes);
    throw notUtf8(path, line, offset, bytes[offset]!, cause);
  }
}

/** Size in bytes and kind; undefined where nothing is there. Follows symbolic links. */
export async function statPath(
  path: string,
): Promise<{ size: number; isFile: boolean; isFolder: boolean; modifiedMs: number } | undefined> {
  try {
    const found = await stat(path);
    return {
      size: found.size,
      isFile: found.isFile(),
      isFolder: found.isDirectory(),
      modifiedMs: found.mtimeMs,
    };
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return undefined;
    return withPath("look at", path, () => Promise.reject(error));
  }
}

export async function exists(path: string): Promise<boolean> {
  return (await statPath(path)) !== undefined;
}

/** Makes the folder and its parents; no error if it is there. */
export async function makeFolder(path: string): Promise<void> {
  await withPath("make the folder", path, () => makeFolders(path));
}

/** Removes a file or a whole folder; no error if it is not there. */
export async function removePath(path: string): Promise<void> {
  await withPath("remove", path, () => rm(path, { recursive: true, force: true }));
}

/** Names directly inside a folder, sorted by code point. */
export async function listFolder(folder: string): Promise<string[]> {
  return withPath("list", folder, async () => (await readdir(folder)).sort());
}

/**
 * Every regular file under `folder`: paths relative to it, with forward slashes, sorted by code point. Names that
 * begin with a dot are left out. A symbolic link is followed only to a file inside the folder, so that no link
 * leads out of it or round in circles.
 *
 * Without `leaveOut`, other links are passed over, and so are pipes, sockets and devices; a folder inside that cannot be
 * listed is an error. With it, each of these is given to it, with the reason, and the rest goes on.
 */
export async function listFiles(
  folder: string,
  leaveOut?: (path: string, reason: LoragError) => void,
): Promise<string[]> {
  const root = await withPath("list", folder, () => realpath(folder));
  const files: string[] = [];
  const entriesOf = async (inside: string): Promise<Dirent[]> => {
    try {
      return await readdir(join(root, inside), { withFileTypes: true });
    } catch (error) {
      const reason = ioError(error, "list", join(folder, inside));
      if (!leaveOut || inside === "") throw reason;
      leaveOut(inside, reason);
      return [];
    }
  };
  const visit = async (inside: string): Promise<void> => {
    for (const entry of await entriesOf(inside)) {
      if (entry.name.startsWith(".")) continue;
      const path = inside === "" ? entry.name : `${inside}/${entry.name}`;
      if (!(await isNamed(root, path))) leaveOut?.(path, badName(path));
      else if (entry.isDirectory()) await visit(path);
      else if (entry.isFile()) files.push(path);
      else if (entry.isSymbolicLink()) {
        if (await isFileInside(root, path)) files.push(path);
        else leaveOut?.(path, linkLeftOut(path));
      } else leaveOut?.(path, notRegular(path));
    }
  };
  await visit("");
  return files.sort();
}

async function isFileInside(root: string, path: string): Promise<boolean> {
  try {
    const real = await realpath(join(root, path));
    return real.startsWith(root + sep) && (await stat(real)).isFile();
  } catch {
    return false; // a dangling link
  }
}

/** Bytes of a name that are not UTF-8 come as replacement characters, and the name that then stands there is no file's. */
async function isNamed(root: string, path: string): Promise<boolean> {
  if (!path.includes("\ufffd")) return true;
  return lstat(join(root, path)).then(
    () => true,
    () => false,
  );
}

function badName(path: string): LoragError {
  return new LoragError({
    code: "LORAG_FILE_NAME",
    kind: "data",
    message: `Its name is not UTF-8, as in ${path}`,
    next: "Rename it.",
  });
}

function linkLeftOut(path: string): LoragError {
  return new LoragError({
    code: "LORAG_LINK",
    kind: "data",
    message: `${path} is a link to no file inside the folder`,
    next: "Put a copy of the file in its place.",
  });
}

/**
 * The absolute path of `name` inside `folder`, which must exist. Refuses absolute names, `..`, backslashes, NUL, and
 * symbolic links that lead out, with LORAG_PATH_OUTSIDE. `name` itself need not exist.
 */
export async function resolveInside(folder: string, name: string): Promise<string> {
  const parts = name.split("/");
  const refused = name === "" || isAbsolute(name) || /[\\\0]/.test(name) || /^[a-z]:/i.test(name);
  if (refused || parts.some((part) => part === ".." || part === "." || part === "")) {
    throw pathOutside(folder, name);
  }
  const root = await withPath("open", folder, () => realpath(folder));
  const target = resolve(root, name);
  // The deepest part that exists must really lie inside; what does not exist yet cannot be a link.
  for (let path = target; path !== root; path = dirname(path)) {
    try {
      const inside = relative(root, await realpath(path));
      if (inside.startsWith("..") || isAbsolute(inside)) throw pathOutside(folder, name);
      break;
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw ioError(error, "look at", path);
    }
  }
  return target;
}

function pathOutside(folder: string, name: string): LoragError {
  return new LoragError({
    code: "LORAG_PATH_OUTSIDE",
    kind: "data",
    message: `The path ${JSON.stringify(name)} does not stay inside ${folder}`,
    next: "Use a relative path with forward slashes and without `..`.",
  });
}

/** Appends one JSON value as a line, made durable by the next atomic write, not by this call. */
export async function appendJsonLine(path: string, value: unknown): Promise<void> {
  await withPath("append to", path, () => appendFile(path, `${JSON.stringify(value)}\n`));
}

/** Adds bytes to the end of a file, which is made where there is none. */
export async function appendBytes(path: string, bytes: Uint8Array): Promise<void> {
  await withPath("append to", path, () => appendFile(path, bytes));
}

/** SHA-256, lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** SHA-256 of a file, read in pieces. */
export async function sha256File(path: string): Promise<string> {
  return withPath("read", path, async () => {
    const hash = createHash("sha256");
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 }))
      hash.update(piece as Buffer);
    return hash.digest("hex");
  });
}
