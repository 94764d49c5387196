import { LoragError } from "../../contracts/index.ts";
import type { WorkerHandle, WorkerMethods } from "../../platform/index.ts";

/**
 * A worker whose process is started anew when it has ended by itself. The calls that it had under way reject with
 * LORAG_WORKER_ENDED, those made until the next one is open with LORAG_MODEL_RESTARTING: none waits. `open` starts one and
 * has it ready.
 */
export async function createRestartingWorker<Event, Methods extends WorkerMethods<Event>>(
  open: () => Promise<WorkerHandle<Event, Methods>>,
): Promise<WorkerHandle<Event, Methods>> {
  let worker = await open();
  let opening: Promise<void> | undefined;
  let closed = false;
  const restart = (): void => {
    if (closed || opening) return;
    opening = open()
      .then(async (next) => {
        worker = next;
        if (closed) await next.close();
      })
      // The next call tries again.
      .catch(() => {})
      .finally(() => (opening = undefined));
  };
  return {
    call(method, args, onEvent) {
      if (opening) return Promise.reject(restarting());
      return worker.call(method, args, onEvent).catch((error: unknown) => {
        if (error instanceof LoragError && error.code === "LORAG_WORKER_ENDED") restart();
        throw error;
      });
    },
    async close() {
      closed = true;
      await worker.close();
      await opening;
    },
  };
}

const restarting = (): LoragError =>
  new LoragError({
    code: "LORAG_MODEL_RESTARTING",
    kind: "unavailable",
    message: "The model's process ended by itself and is being started anew",
    next: "Ask again in some seconds. If it ends again, check the free memory.",
  });
