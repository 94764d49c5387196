import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { LoragError } from "../contracts/index.ts";
import { errorCode, withPath } from "./io-error.ts";
import { isProcessAlive, processStart } from "./process-identity.ts";

interface Holder {
  pid: number;
  /** See `processStart`; absent where the system does not tell. */
  start?: string;
  /** When the lock was taken, ISO 8601; for people. */
  since: string;
}

export interface Lock {
  release(): Promise<void>;
}

/** A lock file is empty between its creation and the write of its holder; longer than this means a crash there. */
const emptyLockMs = 2000;

/**
 * Takes the lock file at `path` or throws LORAG_LOCKED naming the process that holds it. A lock whose process has
 * ended (killed, machine restarted) is taken over, even if its number is in use by another process since.
 */
export async function takeLock(path: string): Promise<Lock> {
  return withPath("lock", path, async () => {
    await mkdir(dirname(path), { recursive: true });
    const start = processStart(process.pid);
    const holder: Holder = { pid: process.pid, ...(start && { start }), since: new Date().toISOString() };
    const text = JSON.stringify(holder);
    while (!(await create(path, text))) {
      const found = await readFile(path, "utf8").catch(() => undefined);
      if (found === undefined) continue; // released meanwhile
      const other = parseHolder(found);
      if (other ? isHeld(other) : Date.now() - (await modifiedMs(path)) < emptyLockMs) {
        throw locked(path, other);
      }
      await discard(path, found);
    }
    return {
      release: async () => {
        const now = await readFile(path, "utf8").catch(() => undefined);
        if (now === text) await rm(path, { force: true });
      },
    };
  });
}

async function create(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * Removes a lock judged stale. Two processes may judge at once: the rename lets one of them win, and if a new holder
 * came in between, its lock is put back.
 */
async function discard(path: string, stale: string): Promise<void> {
  const aside = `${path}.stale-${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  if ((await readFile(aside, "utf8")) === stale) await rm(aside, { force: true });
  else await rename(aside, path);
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    return typeof value?.pid === "number" ? (value as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function isHeld(holder: Holder): boolean {
  if (!isProcessAlive(holder.pid)) return false;
  const start = processStart(holder.pid);
  // A zombie has no start; where the system tells nothing at all, the number alone must do.
  if (holder.start === undefined) return true;
  return start === holder.start;
}

async function modifiedMs(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.mtimeMs,
    () => 0,
  );
}

function locked(path: string, holder: Holder | undefined): LoragError {
  const who = holder ? `process ${holder.pid}, since ${holder.since}` : "a process that is just starting";
  return new LoragError({
    code: "LORAG_LOCKED",
    kind: "busy",
    message: `Another lorag run is at work here (${who}; lock ${path})`,
    next: "Wait until it ends, or end it, then run the command again. A lock left by a killed run is cleared by itself.",
  });
}
