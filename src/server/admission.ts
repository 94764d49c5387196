import { ApiError } from "./api-error.ts";

/** Lets so many requests in at once and so many wait; the rest are told when to come back. */
export interface Admission {
  /** Waits for a place. Throws ApiError 429 when too many wait, 503 when draining, and the signal's reason. */
  enter(signal: AbortSignal): Promise<() => void>;
  readonly inside: number;
  readonly waiting: number;
  /** Lets nobody in from now on; resolves when all have left. */
  drain(): Promise<void>;
  readonly isDraining: boolean;
}

export interface AdmissionLimits {
  places: number;
  waiting: number;
}

/** Of a request, until any was measured. */
const usualSeconds = 2;

export function createAdmission(
  { places, waiting: most }: AdmissionLimits,
  now = () => performance.now(),
): Admission {
  let inside = 0;
  let draining = false;
  let seconds = usualSeconds;
  let onEmpty = (): void => {};
  const queue: { go: () => void; refuse: (error: ApiError) => void }[] = [];

  const took = (ms: number): void => {
    seconds = 0.9 * seconds + 0.1 * (ms / 1000);
  };
  const enterNow = (): (() => void) => {
    inside++;
    const began = now();
    let left = false;
    return () => {
      if (left) return;
      left = true;
      inside--;
      took(now() - began);
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
    async enter(signal) {
      signal.throwIfAborted();
      if (draining) throw goingAway();
      if (inside < places) return enterNow();
      if (queue.length >= most) {
        const wait = Math.max(1, (seconds * (queue.length + 1)) / places);
        throw new ApiError(
          429,
          "queue_full",
          `${inside} requests are under way and ${queue.length} wait: the server takes no more now.`,
          {
            retryAfterSeconds: wait,
          },
        );
      }
      return new Promise<() => void>((resolve, reject) => {
        const leaveQueue = (): void => {
          queue.splice(queue.indexOf(waiter), 1);
          reject(signal.reason as Error);
        };
        const waiter = {
          go: () => {
            signal.removeEventListener("abort", leaveQueue);
            resolve(enterNow());
          },
          refuse: (error: ApiError) => {
            signal.removeEventListener("abort", leaveQueue);
            reject(error);
          },
        };
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
