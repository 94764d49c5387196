import { LoragError } from "../contracts/index.ts";

/** Throws LORAG_USAGE for what is no port. */
export function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new LoragError({
    code: "LORAG_USAGE",
    kind: "usage",
    message: `${JSON.stringify(text)} is no port`,
    next: "Give a whole number from 0 to 65535; 0 chooses a free one.",
  });
}

/** Resolves when a command that listens is told to end. */
export const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
