import { LoragError, type OnProgress } from "../contracts/index.ts";
import { readProject, type Project } from "./config/read-project.ts";

/** Something the reader should know that does not stop the work. */
export interface Warning {
  code: `LORAG_${string}`;
  message: string;
}

/** What every step gets. */
export interface Context {
  project: Project;
  /** Aborted by Ctrl-C. Steps stop soon and leave what is finished. */
  signal: AbortSignal;
  onProgress: OnProgress;
  /** Told when it comes up; the same one is told once. */
  warn: (warning: Warning) => void;
  /** A document that cannot be read is an error instead of a warning. */
  strict: boolean;
}

/**
 * Opens the project in a folder: the first argument of `index`, `train`, `compare` and `ask`.
 * With `orDefault`, a folder without a config is a project of defaults. Throws LORAG_NO_PROJECT, LORAG_CONFIG.
 */
export async function openProject(
  folder: string,
  options: Partial<Omit<Context, "project">> & { orDefault?: boolean } = {},
): Promise<Context> {
  return {
    project: await readProject(folder, options),
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => {}),
    warn: options.warn ?? (() => {}),
    strict: options.strict ?? false,
  };
}

/** A `warn` that keeps each warning once, in order. */
export function collectWarnings(): { warn: Context["warn"]; warnings: Warning[] } {
  const warnings: Warning[] = [];
  const warn = (warning: Warning): void => {
    if (!warnings.some(({ message }) => message === warning.message)) warnings.push(warning);
  };
  return { warn, warnings };
}

export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw interrupted();
}

export function interrupted(): LoragError {
  return new LoragError({
    code: "LORAG_INTERRUPTED",
    kind: "interrupted",
    message: "Interrupted",
    next: "Run the same command again: it goes on from what is finished.",
  });
}
