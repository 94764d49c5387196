import { LoragError, exitCodes, type OnProgress } from "../contracts/index.ts";
import type { Context, Warning } from "../pipeline/index.ts";
import { showProgress } from "./progress.ts";

/** The options that every command has. */
export interface CommonOptions {
  project: string;
  json: boolean;
  quiet: boolean;
}

/** What a command works with: its project, and the ways to speak. */
export interface Session {
  /** The project at --project, its config read and checked. `orDefault`: a folder without one will do. */
  open: (options?: { strict?: boolean; orDefault?: boolean }) => Promise<Context>;
  options: CommonOptions;
  onProgress: OnProgress;
  signal: AbortSignal;
  /** Text for people, on stdout; nothing with --json. */
  print: (text: string) => void;
  /** One line of many: `text` for people, with --json the value. A command that prints these returns nothing else. */
  printLine: (value: unknown, text: string) => void;
  /** A word on the side, on stderr; nothing with --quiet or --json. */
  note: (text: string) => void;
  /** Told at once, each warning once, like a note; with --json it is in the document instead. */
  warn: (warning: Warning) => void;
  /** For a command that has a result and yet did not succeed. */
  setExitCode: (code: number) => void;
}

/**
 * Runs one command to the end of the process. The command returns the value that --json prints, the only thing then
 * on stdout. Errors go to stderr as text, or to stdout as `{"error": ..., "warnings": ...}` with --json; the exit code
 * tells the kind.
 */
export async function runCommand(
  options: CommonOptions,
  command: (session: Session) => Promise<unknown>,
): Promise<never> {
  // Loaded here, so that help and usage errors come at once.
  const { collectWarnings, interrupted, openProject } = await import("../pipeline/index.ts");
  const display = showProgress({
    write: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 80,
    now: () => performance.now(),
  });
  const onProgress = options.quiet ? () => {} : display.onProgress;
  const { warn: keep, warnings } = collectWarnings();
  const speak = (text: string): void => {
    display.clear();
    process.stderr.write(`${text}\n`);
  };
  const note = (text: string): void => {
    if (!options.quiet && !options.json) speak(text);
  };
  // Told when it comes up, not at the end: a long run may be interrupted, or fail for what the warning is about.
  const warn = (warning: Warning): void => {
    const before = warnings.length;
    keep(warning);
    if (warnings.length > before) note(`warning: ${warning.message}`);
  };
  const signal = listenForSignals(speak, interrupted());
  let exitCode = 0;
  const session: Session = {
    options,
    onProgress,
    setExitCode: (code) => {
      exitCode = code;
    },
    signal,
    warn,
    print: (text) => {
      display.clear();
      if (!options.json) process.stdout.write(text);
    },
    printLine: (value, text) => {
      display.clear();
      process.stdout.write(`${options.json ? JSON.stringify(value) : text}\n`);
    },
    note,
    open: (how = {}) => openProject(options.project, { signal, onProgress, warn, ...how }),
  };

  try {
    const result = await command(session);
    display.clear();
    if (options.json && result !== undefined) {
      process.stdout.write(`${JSON.stringify({ ...(result as object), warnings }, null, 2)}\n`);
    }
    return await exit(exitCode);
  } catch (thrown) {
    display.clear();
    return await exit(reportError(signal.aborted ? interrupted() : thrown, options.json, warnings));
  }
}

/** Says what went wrong, with --json also what was warned of before; returns the exit code. */
export function reportError(thrown: unknown, json: boolean, warnings: Warning[] = []): number {
  const error = thrown instanceof LoragError ? thrown : unexpected(thrown);
  if (json) process.stdout.write(`${JSON.stringify({ error: error.toPlain(), warnings }, null, 2)}\n`);
  else process.stderr.write(`error: ${error.message}\n${error.next}\n[${error.code}]\n`);
  return error.exitCode;
}

/** Ends the process when what was printed is out; worker threads and native code do not hold it up. */
export async function exit(code: number): Promise<never> {
  await Promise.all([process.stdout, process.stderr].map((stream) => flush(stream)));
  return process.exit(code);
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve();
    else stream.write("", () => resolve());
  });
}

/** The first Ctrl-C (or SIGTERM) asks to stop, the second stops at once. */
function listenForSignals(speak: (text: string) => void, reason: LoragError): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    // Ends the worker processes, too.
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort(reason);
    speak("Stopping; what is finished is kept. Ctrl-C again stops at once.");
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  return controller.signal;
}

function unexpected(thrown: unknown): LoragError {
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return new LoragError({
    code: "LORAG_INTERNAL",
    kind: "internal",
    message: `Something went wrong inside lorag: ${stack}`,
    next: "Run `lorag doctor`. If it finds nothing, this is a fault of lorag: report it with the lines above.",
    cause: thrown,
  });
}
