/** Lets so many in at once; the others wait in the order they came. Each who is in calls what it was given to leave. */
export interface Gate {
  enter(signal?: AbortSignal): Promise<() => void>;
}

export function createGate(places: number): Gate {
  let free = places;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free++;
  };
  return {
    async enter(signal) {
      signal?.throwIfAborted();
      if (free > 0) free--;
      else {
        await new Promise<void>((resolve, reject) => {
          const turn = (): void => {
            signal?.removeEventListener("abort", giveUp);
            resolve();
          };
          const giveUp = (): void => {
            waiting.splice(waiting.indexOf(turn), 1);
            reject(signal!.reason as Error);
          };
          waiting.push(turn);
          signal?.addEventListener("abort", giveUp, { once: true });
        });
      }
      return leave;
    },
  };
}
