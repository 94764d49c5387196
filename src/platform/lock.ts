import { open, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LoragError } from "../contracts/index.ts";
import { errorCode, withPath } from "./io-error.ts";
import { makeFolders } from "./make-folders.ts";
import { isProcessAlive, processStart } from "./process-identity.ts";

interface Holder {
  /** Of one length, so that a full disk does not keep a lock from being given back. */
  state: "held" | "free";
  pid: number;
  /** See `processStart`; absent where the system does not tell. */
  start?: string;
  /** When the lock was taken, ISO 8601; for people. */
  since: string;
}

export interface Lock {
  release(): Promise<void>;
}

/** A claim is empty between its creation and the write of its holder; longer than this means a crash there. */
const emptyClaimMs = 2000;

/**
 * Takes the lock at `path` or throws LORAG_LOCKED naming the process that holds it. A lock whose process has ended
 * (killed, machine restarted) is taken over, even if its number is in use by another process since.
 *
 * The lock is a folder of claims numbered 1, 2, …, and the highest counts. Whoever finds it free or stale creates
 * the next number, which the file system grants to one only, and the highest is never removed, only followed: a process
 * that was slow to judge finds a higher claim than its own and steps back. One file that is removed and made again
 * cannot do that: a slow judge would remove its successor's.
 */
export async function takeLock(path: string): Promise<Lock> {
  return withPath("lock", path, async () => {
    await makeFolders(path);
    const start = processStart(process.pid);
    const holder: Holder = {
      state: "held",
      pid: process.pid,
      ...(start && { start }),
      since: new Date().toISOString(),
    };
    for (;;) {
      const last = (await claims(path)).at(-1) ?? 0;
      if (last > 0 && !(await isOver(path, last))) continue;
      const mine = last + 1;
      if (!(await create(claimFile(path, mine), JSON.stringify(holder)))) continue;
      const found = await claims(path);
      if (found.at(-1) === mine) {
        await removeClaims(path, found.slice(0, -1));
        return { release: () => release(claimFile(path, mine), holder) };
      }
      await removeClaims(path, [mine]);
    }
  });
}

function claimFile(path: string, claim: number): string {
  return join(path, String(claim));
}

/** The numbers of the claims, ascending. Names that are no number as it would be written here are none. */
async function claims(path: string): Promise<number[]> {
  const names = await readdir(path);
  return names
    .filter((name) => /^[1-9]\d{0,11}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

async function removeClaims(path: string, numbers: number[]): Promise<void> {
  for (const claim of numbers) await rm(claimFile(path, claim), { force: true });
}

/**
 * Whether a claim is free or stale; false when that cannot be told yet, or it has gone, a higher one being there.
 * LORAG_LOCKED when it is held.
 */
async function isOver(path: string, claim: number): Promise<boolean> {
  const file = claimFile(path, claim);
  const text = await readIfThere(file);
  if (text === undefined) return false;
  const holder = parseHolder(text);
  if (holder) {
    if (isHeld(holder)) throw locked(path, holder);
    return true;
  }
  // Nothing in it yet: its process writes that next, or was killed just there.
  const age = Date.now() - (await modifiedMs(file));
  if (Math.abs(age) >= emptyClaimMs) return true;
  await sleep(20);
  return false;
}

async function create(file: string, text: string): Promise<boolean> {
  let opened;
  try {
    opened = await open(file, "wx");
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
  try {
    await opened.writeFile(text);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await opened.close();
  }
  return true;
}

/** Does nothing where the claim is no longer there: its folder was removed by hand, and may be another's by now. */
async function release(file: string, holder: Holder): Promise<void> {
  if ((await readIfThere(file)) !== JSON.stringify(holder)) return;
  const opened = await open(file, "r+");
  try {
    await opened.write(JSON.stringify({ ...holder, state: "free" } satisfies Holder), 0);
  } finally {
    await opened.close();
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
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
  if (holder.state === "free") return false;
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

function locked(path: string, holder: Holder): LoragError {
  const who = `process ${holder.pid}, since ${holder.since}`;
  return new LoragError({
    code: "LORAG_LOCKED",
    kind: "busy",
    message: `Another lorag run is at work here (${who}; lock ${path})`,
    next: "Wait until it ends, or end it, then run the command again. A lock left by a killed run is cleared by itself.",
  });
}
