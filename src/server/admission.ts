import type { ApiKey } from "../contracts/index.ts";
import { ApiError } from "./api-error.ts";
import { usualDeadlines } from "./deadlines.ts";

/** Lets so many requests in at once and so many wait; the rest are told when to come back. */
export interface Admission {
  /** Waits for a place. Throws ApiError 429 when too many wait, 503 when draining or after `queueMs`, and the signal's reason. */
  enter(signal: AbortSignal, key: ApiKey): Promise<() => void>;
  readonly inside: number;
  readonly waiting: number;
  /** Lets nobody in from now on; resolves when all have left. */
  drain(): Promise<void>;
  readonly isDraining: boolean;
}

export interface AdmissionLimits {
  places: number;
  waiting: number;
  /** Longest wait. */
  queueMs?: number;
}

/** Of a request, until any was measured. */
const usualSeconds = 2;
/** So many tell the rate at which requests leave. */
const rememberedLeaves = 32;

export function createAdmission(
  { places, waiting: most, queueMs = usualDeadlines.queueMs }: AdmissionLimits,
  now = () => performance.now(),
): Admission {
  let inside = 0;
  let draining = false;
  /** When the last of them left, oldest first. */
  const left: number[] = [];
  const byKey = new Map<string, number>();
  let onEmpty = (): void => {};
  const queue: { go: () => void; refuse: (error: Error) => void }[] = [];

  /** Until so many have left, at the rate at which they leave. */
  const drainSeconds = (count: number): number => {
    const [first] = left;
    const each =
      first === undefined || left.length < 2 ? usualSeconds / places : (now() - first) / 1000 / left.length;
    return Math.max(1, Math.min(600, count * each));
  };
  const count = (key: ApiKey, change: number): void => {
    const next = (byKey.get(key.name) ?? 0) + change;
    if (next > 0) byKey.set(key.name, next);
    else byKey.delete(key.name);
  };
  const enterNow = (key: ApiKey): (() => void) => {
    inside++;
    let gone = false;
    return () => {
      if (gone) return;
      gone = true;
      inside--;
      count(key, -1);
      left.push(now());
      if (left.length > rememberedLeaves) left.shift();
      queue.shift()?.go();
      if (inside === 0) onEmpty();
    };
  };
  return {
    get inside() {
      return inside;
    },
    get waiting() {
      return queue.length;
    },
    get isDraining() {
      return draining;
    },
    async enter(signal, key) {
      signal.throwIfAborted();
      if (draining) throw goingAway();
      if (key.atOnce !== undefined && (byKey.get(key.name) ?? 0) >= key.atOnce) {
        const message = `${key.atOnce} requests of this key are under way or wait: it may have no more at once.`;
        throw new ApiError(429, "key_limit", message, { retryAfterSeconds: drainSeconds(1) });
      }
      if (inside < places) {
        count(key, 1);
        return enterNow(key);
      }
      if (queue.length >= most) {
        const wait = drainSeconds(queue.length + 1);
        throw new ApiError(
          429,
          "queue_full",
          `${inside} requests are under way and ${queue.length} wait: the server takes no more now.`,
          {
            retryAfterSeconds: wait,
          },
        );
      }
      count(key, 1);
      return new Promise<() => void>((resolve, reject) => {
        const settle = (): void => {
          signal.removeEventListener("abort", leaveQueue);
          clearTimeout(late);
        };
        const refuse = (error: Error): void => {
          settle();
          count(key, -1);
          reject(error);
        };
        const leaveQueue = (): void => {
          queue.splice(queue.indexOf(waiter), 1);
          refuse(signal.reason as Error);
        };
        const waiter = {
          go: () => {
            settle();
            resolve(enterNow(key));
          },
          refuse,
        };
        const late = setTimeout(() => {
          const wait = drainSeconds(queue.length);
          queue.splice(queue.indexOf(waiter), 1);
          const message = `No place came free within ${queueMs / 1000} s.`;
          refuse(new ApiError(503, "queue_timeout", message, { retryAfterSeconds: wait }));
        }, queueMs).unref();
        queue.push(waiter);
        signal.addEventListener("abort", leaveQueue, { once: true });
      });
    },
    drain() {
      draining = true;
      for (const waiter of queue.splice(0)) waiter.refuse(goingAway());
      return inside === 0 ? Promise.resolve() : new Promise((resolve) => (onEmpty = resolve));
    },
  };
}

const goingAway = (): ApiError =>
  new ApiError(503, "shutting_down", "The server is shutting down.", { retryAfterSeconds: 30 });
