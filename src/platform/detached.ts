import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { ioError } from "./io-error.ts";
import { isProcessAlive, processStart } from "./process-identity.ts";

/** A process by its number and when it began: numbers are used again. */
export interface ProcessId {
  pid: number;
  /** Absent where the system does not tell. */
  start?: string;
}

/** This process. */
export function ownProcess(): ProcessId {
  const start = processStart(process.pid);
  return { pid: process.pid, ...(start !== undefined && { start }) };
}

/** Starts a program that goes on when this one ends; what it prints is added to a file. Rejects where it cannot start. */
export function startDetached(
  program: string,
  args: string[],
  { logFile }: { logFile: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    let log: number;
    try {
      log = openSync(logFile, "a");
    } catch (error) {
      reject(ioError(error, "write", logFile));
      return;
    }
    const child = spawn(program, args, { detached: true, stdio: ["ignore", log, log], windowsHide: true });
    closeSync(log);
    child.once("error", reject);
    child.once("spawn", () => {
      child.unref();
      resolve();
    });
  });
}

/** Whether it still runs; false for another process of that number. */
export function isRunning({ pid, start }: ProcessId): boolean {
  if (!isProcessAlive(pid)) return false;
  return start === undefined || processStart(pid) === start;
}

/** Asks it to stop, as Ctrl-C does; does nothing where it has ended. */
export function askToStop(id: ProcessId): void {
  if (isRunning(id)) process.kill(id.pid, "SIGTERM");
}
