import { ApiError } from "./api-error.ts";

/** How long a request may take, in milliseconds. */
export interface Deadlines {
  /** To be let in. */
  queueMs: number;
  /** From then on to the first word. */
  firstWordMs: number;
  /** Between one word and the next. */
  idleMs: number;
  /** In all. */
  totalMs: number;
}

export const usualDeadlines: Deadlines = {
  queueMs: 60_000,
  firstWordMs: 300_000,
  idleMs: 120_000,
  totalMs: 900_000,
};

/** Watches over one answer. */
export interface Watch {
  /** A word was written. */
  heard(): void;
  /** Throws ApiError 504 where a deadline has passed. */
  check(): void;
  end(): void;
}

/** Aborts `stop` when a deadline has passed. Who writes nothing until the end is held to the whole alone. */
export function watchOver(deadlines: Deadlines, writes: boolean, stop: AbortController): Watch {
  const { firstWordMs, idleMs, totalMs } = deadlines;
  let late: ApiError | undefined;
  const after = (ms: number, what: string): NodeJS.Timeout =>
    setTimeout(() => {
      late = new ApiError(504, "timeout", `${what} within ${ms / 1000} s: the answer was ended.`);
      stop.abort();
    }, ms).unref();
  const total = after(totalMs, "The answer was not whole");
  let next = writes ? after(firstWordMs, "No word was written") : undefined;
  return {
    heard() {
      clearTimeout(next);
      if (writes) next = after(idleMs, "No further word was written");
    },
    check() {
      if (late) throw late;
    },
    end() {
      clearTimeout(total);
      clearTimeout(next);
    },
  };
}
