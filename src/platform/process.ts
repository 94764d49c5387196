import { spawn } from "node:child_process";
import { LoragError } from "../contracts/index.ts";
import { errorCode } from "./io-error.ts";

export interface ProcessResult {
  /** Absent when a signal ended the process. */
  exitCode: number | undefined;
  /** The last 64 KiB of each. */
  stdout: string;
  stderr: string;
}

export interface ProcessOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
  env?: Record<string, string | undefined>;
  /** When it is to end, it and all that it started are asked to, and have so long before they are made to. */
  graceMs?: number;
}

const keptBytes = 65_536;

/**
 * Runs a program without a shell and waits for its end; a failing exit code is a result, not an error.
 * Throws LORAG_PROGRAM_MISSING where there is none that can be started, LORAG_PROGRAM_TIMEOUT, and the signal's reason when
 * aborted; the program is ended first.
 */
export function runProcess(
  program: string,
  args: string[],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  options.signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: options.env ?? process.env,
      windowsHide: true,
      detached: options.graceMs !== undefined,
    });
    let failure: unknown;
    let grace: NodeJS.Timeout | undefined;
    const end = (reason: unknown): void => {
      failure = reason;
      if (options.graceMs === undefined) child.kill("SIGKILL");
      else {
        endGroup(child.pid, "SIGTERM");
        grace = setTimeout(() => endGroup(child.pid, "SIGKILL"), options.graceMs);
      }
    };
    const abort = (): void => end(options.signal?.reason);
    options.signal?.addEventListener("abort", abort, { once: true });
    const timer = options.timeoutMs
      ? setTimeout(() => end(timeout(program, options.timeoutMs!)), options.timeoutMs)
      : undefined;
    const settle = (): void => {
      clearTimeout(timer);
      clearTimeout(grace);
      options.signal?.removeEventListener("abort", abort);
    };
    const stdout = keepTail(child.stdout);
    const stderr = keepTail(child.stderr);
    child.on("error", (error) => {
      settle();
      reject(missing(program, error));
    });
    child.on("close", (exitCode) => {
      settle();
      if (failure !== undefined) reject(failure);
      else resolve({ exitCode: exitCode ?? undefined, stdout: stdout(), stderr: stderr() });
    });
  });
}

/** A process and all that it started, where it leads a group of its own. */
function endGroup(pid: number | undefined, signal: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // It has ended.
  }
}

function keepTail(stream: NodeJS.ReadableStream): () => string {
  let tail = Buffer.alloc(0);
  stream.on("data", (piece: Buffer) => {
    tail = Buffer.concat([tail, piece]);
    if (tail.length > keptBytes) tail = tail.subarray(tail.length - keptBytes);
  });
  return () => tail.toString("utf8");
}

function missing(program: string, cause: Error): LoragError {
  const isAbsent = errorCode(cause) === "ENOENT";
  return new LoragError({
    code: "LORAG_PROGRAM_MISSING",
    kind: "unavailable",
    message: isAbsent
      ? `The program ${program} is not installed, or not on the PATH`
      : `The program ${program} cannot be started (${cause.message})`,
    next: isAbsent
      ? `Install ${program}, then run the command again.`
      : `Make it executable for this user, or install ${program} anew, then run the command again.`,
    cause,
  });
}

function timeout(program: string, milliseconds: number): LoragError {
  return new LoragError({
    code: "LORAG_PROGRAM_TIMEOUT",
    kind: "unavailable",
    message: `${program} did not end within ${Math.round(milliseconds / 1000)} s and was stopped`,
    next: "Check the network connection, then run the command again.",
  });
}
