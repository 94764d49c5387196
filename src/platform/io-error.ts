import { getSystemErrorName } from "node:util";
import { LoragError, type ErrorDetail } from "../contracts/index.ts";

type Mapping = Pick<ErrorDetail, "code" | "kind" | "next"> & { what: string };

const mappings: Record<string, Mapping> = {
  ENOSPC: {
    code: "LORAG_DISK_FULL",
    kind: "io",
    what: "the disk is full",
    next: "Free some space there and run the command again; what was there before is unchanged.",
  },
  EROFS: {
    code: "LORAG_READ_ONLY",
    kind: "io",
    what: "the file system is read-only",
    next: "Choose a folder that can be written to, or mount it read-write.",
  },
  EACCES: {
    code: "LORAG_NO_PERMISSION",
    kind: "io",
    what: "permission is denied",
    next: "Give this user access to it (chmod, chown), or choose another folder.",
  },
  ENOENT: {
    code: "LORAG_NOT_FOUND",
    kind: "missing",
    what: "there is no such file or folder",
    next: "Put it there, or correct the path.",
  },
  EISDIR: {
    code: "LORAG_NOT_A_FILE",
    kind: "data",
    what: "it is a folder, not a file",
    next: "Name a file inside it.",
  },
  ENOTDIR: {
    code: "LORAG_NOT_A_FOLDER",
    kind: "data",
    what: "a part of the path is a file, not a folder",
    next: "Check the path.",
  },
  ENAMETOOLONG: {
    code: "LORAG_NAME_TOO_LONG",
    kind: "missing",
    what: "the name is longer than the file system allows, so nothing can be there",
    next: "Give a shorter name or path.",
  },
  ELOOP: {
    code: "LORAG_LINK_LOOP",
    kind: "missing",
    what: "its symbolic links lead round in a circle",
    next: "Make the link point to a file or folder, or correct the path.",
  },
  ERR_INVALID_ARG_VALUE: {
    code: "LORAG_PATH_INVALID",
    kind: "usage",
    what: "no path can hold a NUL byte",
    next: "Correct the path.",
  },
  EMFILE: {
    code: "LORAG_TOO_MANY_FILES",
    kind: "io",
    what: "too many files are open",
    next: "Raise the limit (ulimit -n) and run the command again.",
  },
};
mappings["EEXIST"] = mappings["ENOTDIR"]!; // what mkdir says of a file in the way
mappings["EPERM"] = mappings["EACCES"]!;
mappings["EDQUOT"] = mappings["ENOSPC"]!;

/** Turns what node:fs throws into a LoragError that names the path. `verb` completes "Cannot … path". */
export function ioError(error: unknown, verb: string, path: string): LoragError {
  if (error instanceof LoragError) return error;
  const code = errorCode(error);
  const mapping = mappings[code ?? ""] ?? {
    code: "LORAG_IO",
    kind: "io",
    what: error instanceof Error ? error.message : String(error),
    next: "Check the disk and the path, then run the command again.",
  };
  return new LoragError({
    code: mapping.code,
    kind: mapping.kind,
    message: `Cannot ${verb} ${path}: ${mapping.what}`,
    next: mapping.next,
    cause: error,
  });
}

/** `ENOSPC` and the like: of Node's own errors, and of those of native libraries that tell the number in words. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string" && error.code.startsWith("E")) return error.code;
  const number = /\bos error (\d+)\b/.exec(error.message)?.[1];
  return number && process.platform !== "win32" ? getSystemErrorName(-Number(number)) : undefined;
}

/** Runs a file operation, naming the path if it fails. */
export async function withPath<T>(verb: string, path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw ioError(error, verb, path);
  }
}

/** To open one could wait for ever. */
export function notRegular(path: string): LoragError {
  return new LoragError({
    code: "LORAG_NOT_A_FILE",
    kind: "data",
    message: `${path} is a pipe, a socket or a device, not a file`,
    next: "Put a file with its content in its place.",
  });
}
