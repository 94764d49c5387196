import { statSync, watch } from "node:fs";
import { ioError } from "./io-error.ts";

/** Milliseconds without a change after which a save is over: editors write in several steps. */
const quietMs = 300;
/** A folder that never rests is looked at all the same. */
const longestMs = 2000;

/**
 * Yields each time something in the folder, or below it, has changed and then rested; ends when the signal is aborted.
 * Changes while the reader of this is at work count for its next turn. Throws LORAG_NOT_FOUND, LORAG_NO_PERMISSION and
 * what else keeps the folder from being watched.
 */
export async function* watchFolder(folder: string, signal: AbortSignal): AsyncGenerator<void> {
  let changed = 0;
  let failure: Error | undefined;
  let wake = (): void => {};
  let watcher;
  try {
    // A recursive watch of what is not there says nothing from Node 24 on.
    statSync(folder);
    watcher = watch(folder, { recursive: true });
  } catch (error) {
    throw ioError(error, "watch", folder);
  }
  watcher.on("change", () => {
    changed = Date.now();
    wake();
  });
  watcher.on("error", (error) => {
    failure = error;
    wake();
  });
  const onAbort = (): void => wake();
  signal.addEventListener("abort", onAbort);
  try {
    while (!signal.aborted) {
      if (failure) throw ioError(failure, "watch", folder);
      if (changed === 0) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      const first = changed;
      while (Date.now() - changed < quietMs && Date.now() - first < longestMs && !signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, quietMs / 3));
      }
      changed = 0;
      if (!signal.aborted) yield;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    watcher.close();
  }
}
